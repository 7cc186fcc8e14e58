using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Integration.Tests.Testing;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>A task without incremental migration copies all tables as of one point in time.</summary>
public sealed class SnapshotTests
{
    // Money moves between the tables; the sum of all is the same at every moment.
    private const string Tables =
        "CREATE TABLE a (id INT PRIMARY KEY, v INT NOT NULL, pad CHAR(100)); CREATE TABLE b (id INT PRIMARY KEY, v INT NOT NULL, pad CHAR(100)); CREATE TABLE n (v INT NOT NULL, pad CHAR(100));";

    private const string Fill =
        "INSERT INTO a WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<8000) SELECT i, 100, 'x' FROM c; INSERT INTO b SELECT id, v, pad FROM a; INSERT INTO n SELECT v, pad FROM a; ANALYZE TABLE a, b, n;";

    private const string Sum = "SELECT (SELECT SUM(v) FROM a) + (SELECT SUM(v) FROM b) + (SELECT SUM(v) FROM n)";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("ALL", "all writers")]
    [InlineData("SELECT, LOCK TABLES, REPLICATION CLIENT", "selected tables")]
    [InlineData("SELECT, BACKUP_ADMIN, REPLICATION CLIENT", "no commit in between")]
    public async Task Writes_during_the_copy_do_no_harm(string privileges, string how)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(limit.Token);
        bench.SourceAccount = await CreateAccountAsync(bench, privileges, limit.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        int written = 0;
        var writer = MoveMoneyAsync(bench, () => Interlocked.Increment(ref written), pause: privileges.Contains("BACKUP", StringComparison.Ordinal), stop.Token);

        await bench.RunAsync(limit.Token);
        await stop.CancelAsync();
        await writer;

        Assert.Contains(bench.Log, line => line.Contains(how, StringComparison.Ordinal));
        Assert.True(written > 0, $"{written} transactions");
        Assert.Equal("2400000", (await bench.SourceAsync(Sum, limit.Token)).Trim());
        Assert.Equal("2400000", (await bench.DestinationAsync(Sum, limit.Token)).Trim());
        Assert.NotNull(bench.Metrics.Position);
    }

    [Fact]
    public async Task A_table_whose_only_key_has_NULLs_is_cut_too()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(limit.Token);
        string table = "CREATE TABLE u (a INT, b VARCHAR(20), UNIQUE KEY (a, b));";
        await bench.SourceAsync(table + "INSERT INTO u SELECT IF(id%7, id, NULL), IF(id%3, 'x', NULL) FROM a; INSERT INTO u SELECT a, b FROM u WHERE a IS NULL OR b IS NULL; ANALYZE TABLE u;", limit.Token);
        await bench.DestinationAsync(table, limit.Token);

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.InRange((await bench.ChunksAsync("u", limit.Token)).Planned, 4, 1000);
    }

    [Fact]
    public async Task An_account_that_may_hold_nobody_is_told_what_it_needs()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(limit.Token);
        bench.SourceAccount = await CreateAccountAsync(bench, "SELECT", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(limit.Token));

        Assert.Equal("SnapshotUnavailable", error.Code);
        Assert.Contains("RELOAD", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_resume_keeps_what_is_copied_only_if_the_source_has_not_changed(bool changes)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(limit.Token, ownSource: true);
        using (var first = CancellationTokenSource.CreateLinkedTokenSource(limit.Token))
        {
            var run = bench.RunAsync(first.Token);
            await WaitFor.ConditionAsync(() => bench.RowsCopied > 500 || run.IsCompleted, Limit, "rows to be copied", limit.Token);
            await first.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }

        if (changes)
        {
            await bench.SourceAsync("UPDATE a SET v=v-1; UPDATE b SET v=v+1;", limit.Token);
        }

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        string attempts = await bench.DestinationAsync($"SELECT MAX(attempt) FROM dts_migrate.table_copy WHERE task='{bench.Database}'", limit.Token);
        Assert.Equal(changes ? "2" : "1", attempts.Trim());
    }

    [Fact]
    public async Task A_lost_snapshot_is_replaced_and_all_tables_are_of_the_new_one()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(limit.Token);
        bench.SourceAccount = await CreateAccountAsync(bench, "ALL", limit.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var writer = MoveMoneyAsync(bench, () => { }, pause: false, stop.Token);

        // Slow enough that some are reading when their connections are cut.
        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 2_000 };
        var run = bench.RunAsync(limit.Token);
        await WaitFor.ConditionAsync(() => bench.RowsCopied > 500 || run.IsCompleted, Limit, "rows to be copied", limit.Token);
        Assert.False(run.IsCompleted);
        await using (var killer = await bench.SourceRoot().OpenAsync(SessionPurpose.Metadata, limit.Token))
        {
            // The engine misses the first ones at once and may end the others itself.
            int readers = await killer.KillAsync(
                "SELECT PROCESSLIST_ID FROM performance_schema.events_transactions_current JOIN performance_schema.threads USING (THREAD_ID) "
                + $"WHERE STATE='ACTIVE' AND ACCESS_MODE='READ ONLY' AND PROCESSLIST_USER='{bench.SourceAccount}'",
                limit.Token);
            Assert.NotEqual(0, readers);
        }

        bench.Throttle.Limits = ThrottleLimits.None;

        await run;
        await stop.CancelAsync();
        await writer;

        Assert.Equal("2400000", (await bench.DestinationAsync(Sum, limit.Token)).Trim());
        Assert.Contains(bench.Log, line => line.Contains("Another one is opened", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_that_is_truncated_under_the_snapshot_is_read_again_as_it_is_now()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(limit.Token);
        bool truncated = false;
        bench.OnLog = line =>
        {
            if (!truncated && line.Contains("one point in time", StringComparison.Ordinal))
            {
                truncated = true;
                bench.SourceAsync("TRUNCATE b; INSERT INTO b VALUES (1, 7, 'new');", limit.Token).GetAwaiter().GetResult();
            }
        };

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log, line => line.Contains("later than the other tables", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partition_that_is_exchanged_under_the_snapshot_is_noticed_in_both_tables()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await BenchAsync(limit.Token);
        const string More = "CREATE TABLE `p-1$` (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id) (PARTITION low VALUES LESS THAN (100), PARTITION high VALUES LESS THAN MAXVALUE); CREATE TABLE `é` (id INT PRIMARY KEY, v INT);";
        await bench.SourceAsync(More + "INSERT INTO `p-1$` VALUES (1, 1), (2, 2), (200, 200); INSERT INTO `é` VALUES (7, 7);", limit.Token);
        await bench.DestinationAsync(More, limit.Token);
        bool exchanged = false;
        bench.OnLog = line =>
        {
            if (!exchanged && line.Contains("one point in time", StringComparison.Ordinal))
            {
                exchanged = true;
                bench.SourceAsync("ALTER TABLE `p-1$` EXCHANGE PARTITION low WITH TABLE `é`; INSERT INTO `é` VALUES (8, 8);", limit.Token).GetAwaiter().GetResult();
            }
        };

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        foreach (string table in new[] { "p-1$", "é" })
        {
            Assert.Contains(bench.Log, line => line.Contains($"{bench.Database}.{table} is read as of now, later than the other tables", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(bench.Log, line => line.Contains($"{bench.Database}.a is read as of now", StringComparison.Ordinal));
    }

    private static async Task<CopyBench> BenchAsync(CancellationToken cancellationToken, bool ownSource = false)
    {
        var (source, destination) = await SharedServers.PairAsync(cancellationToken);
        if (ownSource)
        {
            // Nobody else may write: its position decides.
            source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "quiet" }, cancellationToken);
        }

        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("snapshot"), incremental: false, schema: true)
        {
            Tuning = new CopyTuning { ChunkBytes = 20_000 },
        };
        await bench.CreateAsync(Tables, cancellationToken);
        await bench.SourceAsync(Fill, cancellationToken);
        return bench;
    }

    private static async Task<string> CreateAccountAsync(CopyBench bench, string privileges, CancellationToken cancellationToken)
    {
        string account = SharedServers.NewDatabaseName("acc");
        await bench.SourceAsync($"CREATE USER '{account}' IDENTIFIED BY ''; GRANT {privileges} ON *.* TO '{account}';", cancellationToken);
        return account;
    }

    private static async Task MoveMoneyAsync(CopyBench bench, Action onMoved, bool pause, CancellationToken cancellationToken)
    {
        await using var session = await bench.SourceRoot().OpenAsync(SessionPurpose.WriteRows, CancellationToken.None);
        var random = new Random(5);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(pause ? 300 : 1));
        while (!cancellationToken.IsCancellationRequested)
        {
            int id = random.Next(1, 8000);
            string[] statements =
            [
                "START TRANSACTION", $"UPDATE `{bench.Database}`.a SET v=v-1 WHERE id={id}", $"UPDATE `{bench.Database}`.b SET v=v-1 WHERE id={8001 - id}",
                $"INSERT INTO `{bench.Database}`.n VALUES (2, 'moved')", "COMMIT",
            ];
            foreach (string statement in statements)
            {
                await session.ExecuteAsync(statement, CancellationToken.None);
            }

            onMoved();
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
