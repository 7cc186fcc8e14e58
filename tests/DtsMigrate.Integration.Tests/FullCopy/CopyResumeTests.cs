using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>A copy that was cut off in the middle goes on where it was: nothing lost, nothing doubled, nothing done again.</summary>
public sealed class CopyResumeTests
{
    private const string Rows = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<20000) SELECT i, REPEAT('v',50) FROM c";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly CopyTuning Small = new() { ChunkBytes = 10_000 };

    [Fact]
    public async Task Done_chunks_are_not_copied_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var proxy = FaultProxy.Start(destination);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("resume")) { DestinationProxy = proxy, Tuning = Small };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100));", limit.Token);
        await bench.SourceAsync($"INSERT INTO t {Rows};", limit.Token);
        await InterruptAsync(bench, proxy, limit.Token);
        var (planned, done) = await bench.ChunksAsync("t", limit.Token);
        string watermark = await WatermarkAsync(bench, limit.Token);

        // A mark within what is done: a second copy of that chunk would wipe it out or stumble over it.
        string marked = (await bench.DestinationAsync("SELECT id FROM t ORDER BY id LIMIT 1", limit.Token)).Trim();
        await bench.DestinationAsync($"UPDATE t SET v='mark' WHERE id={marked}", limit.Token);
        await bench.RunAsync(limit.Token);

        Assert.InRange(done, 1, planned - 1);
        Assert.Equal("mark", (await bench.DestinationAsync($"SELECT v FROM t WHERE id={marked}", limit.Token)).Trim());
        Assert.Equal(watermark, await WatermarkAsync(bench, limit.Token));
        await bench.DestinationAsync("UPDATE t SET v=REPEAT('v',50) WHERE v='mark'", limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal(20_000, bench.RowsCopied);
    }

    [Fact]
    public async Task A_table_without_a_key_begins_again_from_nothing()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var proxy = FaultProxy.Start(destination);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("resume_keyless")) { DestinationProxy = proxy, Tuning = Small };
        await bench.CreateAsync("CREATE TABLE t (a INT, v VARCHAR(100), INDEX (a));", limit.Token);
        await bench.SourceAsync($"INSERT INTO t {Rows}; INSERT INTO t SELECT * FROM t WHERE a<100; INSERT INTO t VALUES (NULL,NULL),(NULL,NULL);", limit.Token);
        await InterruptAsync(bench, proxy, limit.Token);
        Assert.NotEqual("0", (await bench.DestinationAsync("SELECT COUNT(*) FROM t", limit.Token)).Trim());
        await bench.SourceAsync("DELETE FROM t WHERE a=1 LIMIT 1", limit.Token);
        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.True((await bench.ChunksAsync("t", limit.Token)).Done > 5);

        // One snapshot: the copy ends at its own watermark.
        Assert.Equal("1", (await bench.DestinationAsync($"SELECT watermark=fuzzy_end AND watermark LIKE 'gtid:%' FROM dts_migrate.table_copy WHERE task='{bench.Database}'", limit.Token)).Trim());
    }

    [Theory]
    [InlineData("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100));")]
    [InlineData("CREATE TABLE t (a INT, v VARCHAR(100));")]
    public async Task Lost_connections_cost_no_row(string ddl)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var toSource = FaultProxy.Start(source);
        await using var toDestination = FaultProxy.Start(destination);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("cut_off")) { SourceProxy = toSource, DestinationProxy = toDestination, Tuning = Small };
        await bench.CreateAsync(ddl, limit.Token);
        await bench.SourceAsync($"INSERT INTO t {Rows};", limit.Token);
        var cuts = CutAsync();
        await bench.RunAsync(limit.Token);
        await cuts;

        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log, line => line.StartsWith("retry", StringComparison.Ordinal));

        async Task CutAsync()
        {
            // By bytes, so that the cut falls anywhere: inside a load, before and after a COMMIT is answered.
            foreach (long bytes in new[] { 150_000L, 90_001, 120_003 })
            {
                await toDestination.ResetAfterBytes(ProxyDirection.ToServer, bytes).WaitAsync(limit.Token);
            }

            toSource.ResetAll();
        }
    }

    [Fact]
    public async Task A_planner_that_waits_for_workers_outlives_a_lost_connection()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var proxy = FaultProxy.Start(destination);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("room"), options: new TaskOptions { CopyThreads = 1 }) { DestinationProxy = proxy, Tuning = Small };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100));", limit.Token);
        await bench.SourceAsync($"INSERT INTO t {Rows}; ANALYZE TABLE t;", limit.Token);
        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 100 };
        var run = bench.RunAsync(limit.Token);
        await WaitFor.ConditionAsync(() => run.IsCompleted || bench.Log.Any(line => line.Contains("begins", StringComparison.Ordinal)), Limit, "the copy to begin", limit.Token);
        await WaitFor.ConditionAsync(async _ => run.IsCompleted || (await bench.ChunksAsync("t", limit.Token)).Planned >= 16, Limit, "enough to be planned", limit.Token);
        await WaitFor.ConditionAsync(
            () =>
            {
                proxy.ResetAll();
                return run.IsCompleted || bench.Log.Any(line => line.StartsWith("retry count the chunks", StringComparison.Ordinal));
            },
            Limit,
            "the planner's connection to be lost",
            limit.Token);
        bench.Throttle.Limits = ThrottleLimits.None;
        await run;

        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_worker_whose_lease_was_taken_over_cannot_commit()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("taken_over"), options: new TaskOptions { CopyThreads = 1 }) { Tuning = Small with { Planners = 1 } };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100)); CREATE TABLE u LIKE t;", limit.Token);
        await bench.SourceAsync($"INSERT INTO t {Rows}; INSERT INTO u SELECT * FROM t;", limit.Token);
        await using var old = await bench.OpenStoreAsync(limit.Token);
        CheckpointStore? taker = null;
        string rows = "";

        // With one thread of each kind, nobody is at work on the other table while the first one's end is told.
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(
            old,
            limit.Token,
            _ => Task.Run(
                async () =>
                {
                    taker = await bench.OpenStoreAsync(limit.Token);
                    rows = await CountAsync();
                },
                limit.Token).GetAwaiter().GetResult()));

        Assert.Equal("LeaseLost", error.Code);
        Assert.Equal(rows, await CountAsync());
        await using var next = taker!;
        await bench.RunAsync(next, limit.Token);
        await bench.AssertEqualAsync(limit.Token);

        Task<string> CountAsync() => bench.DestinationAsync("SELECT (SELECT COUNT(*) FROM t), (SELECT COUNT(*) FROM u)", limit.Token);
    }

    /// <summary>Cancels a copy in the middle: it is slowed down, so that there is a middle.</summary>
    private static async Task InterruptAsync(CopyBench bench, FaultProxy proxy, CancellationToken cancellationToken)
    {
        proxy.Slow(200_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = bench.RunAsync(stop.Token);
        await WaitFor.ConditionAsync(() => bench.RowsCopied > 2_000, Limit, "rows to be copied", cancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await proxy.NormalAsync(cancellationToken);
    }

    private static Task<string> WatermarkAsync(CopyBench bench, CancellationToken cancellationToken) =>
        bench.DestinationAsync($"SELECT watermark FROM dts_migrate.table_copy WHERE task='{bench.Database}'", cancellationToken);
}
