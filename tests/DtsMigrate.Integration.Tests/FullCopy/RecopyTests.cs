using System.Collections.Concurrent;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Wire;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>A table that changes under its copy is copied again, alone.</summary>
public sealed class RecopyTests
{
    private const string Fill = "INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<20000) SELECT i, REPEAT('v',100) FROM c;";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("ALTER TABLE t ADD w INT NOT NULL DEFAULT 5, MODIFY v VARCHAR(120) CHARACTER SET latin1", false)]
    [InlineData("ALTER TABLE t DROP PRIMARY KEY, ADD UNIQUE KEY (id)", true)]
    [InlineData("ALTER TABLE t RENAME COLUMN v TO `new v`, ADD KEY (`new v`)", true)]
    public async Task An_altered_table_is_made_and_copied_again_and_the_others_are_not(string alter, bool incremental)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(incremental, schema: true, limit.Token);
        int begun = 0;
        bench.OnLog = line => begun += line.Contains(".other to", StringComparison.Ordinal) ? 1 : 0;

        await AlterUnderCopyAsync(bench, alter, bench.RunAsync(limit.Token), limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log, line => line.Contains("copied again", StringComparison.Ordinal));
        Assert.Equal(20_001, bench.RowsCopied);
        Assert.Equal(1, begun);
        Assert.Equal(["other", "t"], bench.Copied.Order());
        Assert.Equal(
            "2\t0\n1\t0\n",
            await bench.DestinationAsync($"SELECT attempt, must_clear FROM dts_migrate.table_copy WHERE task='{bench.Database}' ORDER BY source_table DESC", limit.Token));
        Assert.Equal(await bench.SourceAsync("SHOW CREATE TABLE t", limit.Token), await bench.DestinationAsync("SHOW CREATE TABLE t", limit.Token));
    }

    [Fact]
    public async Task Without_GTID_the_new_watermark_is_after_the_statement()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "recopy-files", Gtid = false }, limit.Token);
        var bench = await BenchAsync(incremental: true, schema: true, limit.Token, source);

        await AlterUnderCopyAsync(bench, "ALTER TABLE t ADD w INT", bench.RunAsync(limit.Token), limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        string[] watermarks = (await bench.DestinationAsync($"SELECT watermark FROM dts_migrate.table_copy WHERE task='{bench.Database}' ORDER BY source_table", limit.Token)).Split('\n');
        Assert.NotEqual(watermarks[0], watermarks[1]);
    }

    [Fact]
    public async Task A_table_that_this_task_does_not_make_waits_until_the_destination_fits_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(incremental: true, schema: false, limit.Token);
        var run = bench.RunAsync(limit.Token);
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => AlterUnderCopyAsync(bench, "ALTER TABLE t ADD w INT", run, limit.Token));
        Assert.Equal("DestinationTableDiffers", error.Code);
        Assert.Contains("w", error.Message, StringComparison.Ordinal);

        await bench.DestinationAsync("ALTER TABLE t ADD w INT;", limit.Token);
        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_table_that_is_dropped_under_its_copy_stops_a_task_without_stream()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(incremental: false, schema: true, limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => AlterUnderCopyAsync(bench, "DROP TABLE t", bench.RunAsync(limit.Token), limit.Token));

        Assert.Equal("TableDefinitionChanged", error.Code);
        Assert.Contains("dropped", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("t", bench.Copied);
    }

    /// <summary>
    /// A column that comes between the look at a definition and the watermark, and goes before the copy ends, leaves a definition that fits what is read and not the changes that follow the watermark.
    /// </summary>
    [Theory]
    [InlineData("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(200))", 1)]
    [InlineData("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(200))", 8)]
    [InlineData("CREATE TABLE t (id INT, v VARCHAR(200))", 1)]
    public async Task No_statement_comes_between_a_definition_and_its_watermark(string create, int tables)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("watermark"), options: new TaskOptions { CopyThreads = 1 });
        string others = string.Concat(Enumerable.Range(2, tables - 1).Select(i => $"CREATE TABLE t{i} LIKE t;"));
        await bench.CreateAsync($"{create};{others}", limit.Token);
        await bench.SourceAsync($"INSERT INTO t VALUES (1,'a'); {string.Concat(Enumerable.Range(2, tables - 1).Select(i => $"INSERT INTO t{i} SELECT * FROM t;"))}", limit.Token);
        var names = Enumerable.Range(1, tables).Select(i => i == 1 ? "t" : $"t{i}").ToList();
        var held = new ConcurrentQueue<int>();
        bench.Tuning = new CopyTuning
        {
            ChunkBytes = 1 << 20,
            BeforeWatermark = async () =>
            {
                // One look is enough, and costs a second for each table that is held.
                held.Enqueue(held.IsEmpty ? await CountHeldAsync() : 1);
            },
        };

        await bench.RunAsync(limit.Token);

        // A group has two of them; other planners may be at others.
        Assert.InRange(held.First(), tables == 1 ? 1 : 2, tables);
        await bench.AssertEqualAsync(limit.Token);

        async Task<int> CountHeldAsync()
        {
            await using var other = await WireServer.ConnectAsync(WireServer.Options(source));
            await other.ExecuteAsync("SET SESSION lock_wait_timeout=1", limit.Token);
            int count = 0;
            foreach (string name in names)
            {
                try
                {
                    // As much as an ALTER TABLE wants.
                    await other.ExecuteAsync($"LOCK TABLES `{bench.Database}`.{name} WRITE", limit.Token);
                    await other.ExecuteAsync("UNLOCK TABLES", limit.Token);
                }
                catch (MySqlServerException e) when (e.Errno == 1205)
                {
                    count++;
                }
            }

            return count;
        }
    }

    private static async Task<CopyBench> BenchAsync(bool incremental, bool schema, CancellationToken cancellationToken, MySqlServer? ownSource = null)
    {
        var (source, destination) = await SharedServers.PairAsync(cancellationToken);
        var bench = new CopyBench(ownSource ?? source, destination, SharedServers.NewDatabaseName("recopy"), incremental, schema: schema)
        {
            Tuning = new CopyTuning { ChunkBytes = 20_000 },
        };
        await bench.CreateAsync("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(200)); CREATE TABLE other (id INT PRIMARY KEY);", cancellationToken);
        await bench.SourceAsync(Fill + "INSERT INTO other VALUES (1); ANALYZE TABLE t;", cancellationToken);
        return bench;
    }

    /// <summary>Lets the copy begin, holds it up on the destination until the statement waits on the source, and lets both go on.</summary>
    private static async Task AlterUnderCopyAsync(CopyBench bench, string alter, Task run, CancellationToken cancellationToken)
    {
        await WaitFor.ConditionAsync(() => bench.RowsCopied > 1_000 || run.IsCompleted, Limit, "rows to be copied", cancellationToken);
        await using (var locker = await bench.Destination().OpenAsync(DtsMigrate.Engine.Connections.SessionPurpose.WriteRows, cancellationToken))
        {
            await locker.ExecuteAsync($"LOCK TABLES `{bench.Database}`.t READ", cancellationToken);
            Assert.False(run.IsCompleted);
            var altered = bench.SourceAsync(alter + ";", cancellationToken);
            await WaitFor.ConditionAsync(
                async _ => altered.IsCompleted || (await bench.SourceAsync("SELECT COUNT(*) FROM performance_schema.processlist WHERE state LIKE '%metadata lock%' AND db=DATABASE()", cancellationToken)).Trim() != "0",
                Limit,
                "the statement to wait",
                cancellationToken);
            await locker.ExecuteAsync("UNLOCK TABLES", cancellationToken);
            await altered;
        }

        await run;
    }
}
