using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Changes that are merged per key leave the destination as the source is.</summary>
public sealed class MergeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly ApplyTuning Always = new() { AlwaysMerge = true };

    [Theory]
    [InlineData(1, 50_000, 24 << 20)]
    [InlineData(2, 50_000, 4_000)]
    [InlineData(3, 20, 24 << 20)]
    [InlineData(4, 50_000, 24 << 20)]
    public async Task A_random_workload_arrives_exactly(int seed, int windowRows, long windowBytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, Always with { WindowRows = windowRows, WindowBytes = windowBytes });
        var workload = new RandomWorkload(seed);
        await bench.PrepareAsync(RandomWorkload.Tables, "SET sql_mode='';" + workload.Next(100), limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        for (int round = 0; round < 4; round++)
        {
            // The stream is held up, so that windows are large. From here on the tables are exact.
            await bench.DestinationAsync("LOCK TABLES a READ, b READ, n READ, p READ, f READ", limit.Token);
            await bench.SourceAsync(workload.Next(150), limit.Token);
            await bench.DestinationAsync("UNLOCK TABLES", limit.Token);
            await bench.DrainAsync(limit.Token);
            await bench.AssertEqualAsync(limit.Token);
        }

        Assert.Equal("Merging", bench.Metrics.ApplyMode!.Mode);
        Assert.DoesNotContain(bench.Log.Entries, e => e.Level != Engine.Progress.LogLevel.Info);
    }

    [Fact]
    public async Task A_difference_is_named_by_the_row_and_nothing_after_it_is_applied()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, Always);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1,1),(2,2),(3,3);", null, limit.Token);
        await bench.DestinationAsync("DELETE FROM t WHERE id=2", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.DestinationAsync("LOCK TABLES t READ", limit.Token);
        await bench.SourceAsync("UPDATE t SET v=10 WHERE id=1; UPDATE t SET v=20 WHERE id=2; UPDATE t SET v=30 WHERE id=3;", limit.Token);
        await bench.DestinationAsync("UNLOCK TABLES", limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.DrainAsync(limit.Token));
        Assert.Equal("RowConflict", failure.Code);
        Assert.Contains("`id`=2", failure.Message, StringComparison.Ordinal);
        Assert.Equal("3", await bench.DestinationValueAsync("SELECT v FROM t WHERE id=3", limit.Token));
        Assert.Contains(bench.Log.Entries, e => e.Message.Contains("one by one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Once_the_row_is_put_right_the_task_goes_on_and_merges_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, Always);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1,1),(2,2);", null, limit.Token);
        await bench.DestinationAsync("INSERT INTO t VALUES (3,3)", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (3,33); UPDATE t SET v=9 WHERE id=1;", limit.Token);
        await Assert.ThrowsAsync<DtsMigrateException>(() => bench.DrainAsync(limit.Token));
        await bench.DestinationAsync("DELETE FROM t WHERE id=3", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("UPDATE t SET v=v+1; UPDATE t SET v=v+1;", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.StopAsync();
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("Merging", bench.Metrics.ApplyMode!.Mode);
    }

    [Fact]
    public async Task A_transaction_larger_than_the_window_is_merged_piece_by_piece()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, Always with { WindowBytes = 100_000 });
        await bench.PrepareAsync("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(300) UNIQUE); CREATE TABLE n (v INT);", null, limit.Token);
        await bench.SourceAsync(
            """
            SET cte_max_recursion_depth=100000; BEGIN;
            INSERT INTO t (v) WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i+1 FROM r WHERE i<20000) SELECT CONCAT(REPEAT('x',200), i) FROM r;
            INSERT INTO n VALUES (1); UPDATE t SET v=CONCAT(v,'y') WHERE id%3=0; UPDATE n SET v=2; DELETE FROM t WHERE id%5=0; UPDATE t SET id=id+100000 WHERE id%7=0; COMMIT;
            """,
            limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task Merging_begins_with_a_backlog_and_ends_with_it()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, new ApplyTuning { GroupRows = 50 });
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1,1),(2,2);", null, limit.Token);
        await bench.SourceAsync(string.Concat(Enumerable.Repeat("UPDATE t SET v=v+1 WHERE id=1;", 1000)), limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        Assert.Equal("Merging", bench.Metrics.ApplyMode!.Mode);
        for (int i = 0; i < 20 && bench.Metrics.ApplyMode!.Mode == "Merging"; i++)
        {
            await bench.SourceAsync("UPDATE t SET v=v+1 WHERE id=2", limit.Token);
            await bench.DrainAsync(limit.Token);
        }

        Assert.Equal("TransactionPreserving", bench.Metrics.ApplyMode!.Mode);
        await bench.AssertEqualAsync(limit.Token);
    }
}
