using System.Globalization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Small tables are begun, copied and finished in groups; whatever is out of the ordinary goes alone, and nothing is lost by either.</summary>
public sealed class SmallTablesTests
{
    private const int Tables = 24;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TaskOptions OneThread = new() { CopyThreads = 1 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task They_share_statements_and_odd_ones_among_them_go_alone(bool incremental)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync("small_odd", limit.Token, incremental);
        await bench.CreateAsync(
            """
            CREATE TABLE odd_enum (id INT PRIMARY KEY, e ENUM('a','b'));
            CREATE TABLE odd_json (id INT PRIMARY KEY, j JSON);
            CREATE TABLE odd_keyless (a INT, v VARCHAR(10));
            CREATE TABLE odd_engine (id INT PRIMARY KEY, v VARCHAR(10));
            CREATE TABLE odd_nullable (a INT NULL UNIQUE, v VARCHAR(10));
            CREATE TABLE odd_parts (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3;
            CREATE TABLE `odd ``name` (id INT PRIMARY KEY);
            """ + Ddl(),
            limit.Token);
        await bench.SourceAsync(
            Fill() + """
            SET sql_mode=''; INSERT INTO odd_enum VALUES (1,'a'),(2,'none'),(3,NULL);
            INSERT INTO odd_json VALUES (1,JSON_OBJECT('d',CAST('1.10' AS DECIMAL(5,2)))),(2,'{}');
            INSERT INTO odd_keyless VALUES (1,'a'),(1,'a'),(NULL,NULL); INSERT INTO odd_engine VALUES (1,'x'); INSERT INTO odd_nullable VALUES (NULL,'n'),(NULL,'n'),(1,'o');
            INSERT INTO odd_parts VALUES (1),(2),(3),(4); INSERT INTO `odd ``name` VALUES (7);
            """,
            limit.Token);
        await bench.DestinationAsync("ALTER TABLE odd_engine ENGINE=MyISAM; TRUNCATE TABLE performance_schema.events_statements_summary_by_digest;", limit.Token);

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal(Tables + 7, bench.Copied.Distinct().Count());
        Assert.DoesNotContain(bench.Log, line => line.Contains("one by one", StringComparison.Ordinal));

        // The ordinary ones were analyzed several in a statement.
        int shared = await CountAsync(bench, "SELECT COUNT(*) FROM performance_schema.events_statements_summary_by_digest WHERE DIGEST_TEXT LIKE 'ANALYZE%`{0}`%,%`{0}`%'", limit.Token);
        Assert.InRange(shared, 2, Tables / 2);
        await AssertStatesAsync(bench, incremental ? "Copied" : "Live", limit.Token);
    }

    [Fact]
    public async Task A_row_that_is_refused_is_named_and_its_group_loses_nothing()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync("small_refused", limit.Token);
        await bench.CreateAsync(Ddl(), limit.Token);
        await bench.SourceAsync(Fill(), limit.Token);
        await bench.DestinationAsync("ALTER TABLE t09 ADD CONSTRAINT few CHECK (v<>'');", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(limit.Token));
        Assert.Equal("RowRejected", error.Code);
        Assert.Contains("t09", error.Message, StringComparison.Ordinal);
        Assert.Contains(bench.Log, line => line.Contains("copied one by one", StringComparison.Ordinal));

        await bench.DestinationAsync("ALTER TABLE t09 DROP CHECK few;", limit.Token);
        await bench.RunAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        await AssertStatesAsync(bench, "Copied", limit.Token);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_changes_meanwhile_is_copied_again_alone(bool incremental)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync("small_changed", limit.Token, incremental, schema: true);
        await bench.CreateAsync(Ddl(), limit.Token);
        await bench.SourceAsync(Fill(), limit.Token);
        bench.Tuning = bench.Tuning with { Planners = 1 };
        var changed = new TaskCompletionSource();

        // Nothing is copied before both are changed: what has been copied to its end is not copied again without the stream.
        bench.Governor = new CopyGovernor(1);
        var slot = await bench.Governor.EnterChunkAsync(limit.Token);
        bench.OnLog = line =>
        {
            // One of the group that begins, and another, of the same group or of one to come.
            if (line.StartsWith("Copy of ", StringComparison.Ordinal) && line.Contains(" begins", StringComparison.Ordinal) && changed.TrySetResult())
            {
                string first = line.Split(' ', '.')[3];
                string other = first == "t20" ? "t21" : "t20";
                string sql = $"ALTER TABLE {first} ADD w INT NOT NULL DEFAULT 5; ALTER TABLE {other} ADD w INT NOT NULL DEFAULT 5;";
                Task.Run(() => bench.SourceAsync(sql, limit.Token), limit.Token).GetAwaiter().GetResult();
                slot.Dispose();
            }
        };

        await bench.RunAsync(limit.Token);

        Assert.True(changed.Task.IsCompleted);
        Assert.Contains(bench.Log, line => line.Contains("copied again", StringComparison.Ordinal));
        await bench.AssertEqualAsync(limit.Token);
        await AssertStatesAsync(bench, incremental ? "Copied" : "Live", limit.Token);
    }

    [Fact]
    public async Task Lost_connections_and_killed_workers_cost_no_row_and_double_none()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var toSource = FaultProxy.Start(source);
        await using var toDestination = FaultProxy.Start(destination);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("small_cut"), options: OneThread) { SourceProxy = toSource, DestinationProxy = toDestination };
        await bench.CreateAsync(Ddl(), limit.Token);
        await bench.SourceAsync(Fill(), limit.Token);

        await using (var store = await bench.OpenStoreAsync(limit.Token))
        {
            await store.AddTablesAsync(await bench.ReadRoutesAsync(limit.Token), limit.Token);
        }

        // Worker after worker ends when so many bytes have gone: while tables begin, inside a load, before and after a COMMIT is answered.
        int cuts = 0;
        for (int bytes = 6_000; bytes < 26_000; bytes += 4_001)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            var cut = toDestination.ResetAfterBytes(ProxyDirection.ToServer, bytes);
            var run = bench.RunAsync(stop.Token);
            await Task.WhenAny(cut, run);
            cuts += cut.IsCompleted ? 1 : 0;
            toSource.ResetAll();
            await stop.CancelAsync();
            await run.ContinueWith(_ => { }, limit.Token, TaskContinuationOptions.None, TaskScheduler.Default);
            toDestination.ResetAll();
        }

        Assert.InRange(cuts, 2, 5);
        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        await AssertStatesAsync(bench, "Copied", limit.Token);
        Assert.Equal(0, await CountAsync(bench, "SELECT COUNT(*) FROM dts_migrate.table_copy t WHERE task='{0}' AND rows_copied<>(SELECT SUM(row_count) FROM dts_migrate.chunk c WHERE c.task=t.task AND c.table_number=t.number)", limit.Token));
        Assert.Equal(Tables * 5, await CountAsync(bench, "SELECT SUM(rows_copied) FROM dts_migrate.table_copy WHERE task='{0}'", limit.Token));
    }

    private static async Task<CopyBench> BenchAsync(string prefix, CancellationToken cancellationToken, bool incremental = true, bool schema = false)
    {
        var (source, destination) = await SharedServers.PairAsync(cancellationToken);
        return new CopyBench(source, destination, SharedServers.NewDatabaseName(prefix), incremental, options: OneThread, schema: schema);
    }

    private static async Task<int> CountAsync(CopyBench bench, string sql, CancellationToken cancellationToken) =>
        int.Parse((await bench.DestinationAsync(string.Format(CultureInfo.InvariantCulture, sql, bench.Database), cancellationToken)).Trim(), CultureInfo.InvariantCulture);

    private static async Task AssertStatesAsync(CopyBench bench, string state, CancellationToken cancellationToken) =>
        Assert.Equal(0, await CountAsync(bench, $"SELECT COUNT(*) FROM dts_migrate.table_copy WHERE task='{{0}}' AND state<>'{state}'", cancellationToken));

    private static string Ddl() => string.Concat(Enumerable.Range(0, Tables).Select(i => string.Create(
        CultureInfo.InvariantCulture, $"CREATE TABLE t{i:00} (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(100), f FLOAT, KEY (v)){(i % 5 == 0 ? " AUTO_INCREMENT=100" : string.Empty)};\n")));

    // Five rows each: with what is escaped, NULL, and an empty string.
    private static string Fill() => string.Concat(Enumerable.Range(0, Tables).Select(i => string.Create(
        CultureInfo.InvariantCulture, $"INSERT INTO t{i:00} VALUES (1,'t{i}',0.1),(2,'tab\\there\\nand \\\\',-0.0),(3,NULL,NULL),(4,'',3.4e38),({i + 5},'é\\0',1);\n")));
}
