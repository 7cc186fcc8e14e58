using DtsMigrate.Engine.Replication;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Windows that several transactions write side by side: exactly once, wherever it breaks.</summary>
public sealed class SlotTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static readonly ApplyTuning Sliced = new() { AlwaysMerge = true, SliceRows = 2, Slots = 3 };

    [Fact]
    public async Task A_random_workload_arrives_exactly()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, Sliced);
        var workload = new RandomWorkload(11, keyless: false);
        await bench.PrepareAsync(RandomWorkload.Tables, "SET sql_mode='';" + workload.Next(100), limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        for (int round = 0; round < 4; round++)
        {
            await bench.DestinationAsync("LOCK TABLES a READ, b READ, c READ, e READ, p READ, f READ", limit.Token);
            await bench.SourceAsync(workload.Next(150), limit.Token);
            await bench.DestinationAsync("UNLOCK TABLES", limit.Token);
            await bench.DrainAsync(limit.Token);
            await bench.AssertEqualAsync(limit.Token);
        }

        Assert.DoesNotContain(bench.Log.Entries, e => e.Level != Engine.Progress.LogLevel.Info);
        Assert.Equal("0", await bench.DestinationValueAsync($"SELECT COUNT(*) FROM dts_migrate.applied_slot WHERE task='{bench.Database}'", limit.Token));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Connections_that_break_at_random_lose_and_double_nothing(int seed)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var proxy = FaultProxy.Start(destination);
        await using var bench = new ReplicationBench(source, destination, null, proxy) { Tuning = Sliced };
        var workload = new RandomWorkload(seed, keyless: false);
        var random = new Random(seed);
        await bench.PrepareAsync(RandomWorkload.Tables, "SET sql_mode='';" + workload.Next(100), limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        for (int round = 0; round < 10; round++)
        {
            _ = proxy.ResetAfterBytes(round % 2 == 0 ? ProxyDirection.ToServer : ProxyDirection.ToClient, random.Next(round % 2 == 0 ? 20_000 : 2_000));
            await bench.SourceAsync(workload.Next(60), limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.True(proxy.ConnectionsReset > 0);
    }

    [Fact]
    public async Task A_window_of_which_a_part_is_committed_is_finished_by_the_next_worker()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, Sliced);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT); CREATE TABLE x (id INT PRIMARY KEY);" + Insert(1, 60), null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);

        // One row cannot be written for now: its slot waits, the others commit.
        await bench.DestinationAsync("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN; SELECT * FROM t WHERE id=17 FOR UPDATE", limit.Token);
        await bench.SourceAsync("UPDATE t SET v=v+1; " + Insert(61, 90) + "UPDATE t SET id=id+1000 WHERE id%7=0; DELETE FROM t WHERE id%5=0; INSERT INTO x VALUES (1);", limit.Token);
        await WaitForDoneAsync(bench, 2, limit.Token);
        await bench.StopAsync();
        await bench.DestinationAsync("ROLLBACK", limit.Token);
        Assert.Equal("2", await DoneAsync(bench, limit.Token));

        // What comes later is not part of the window, whatever its size would be now.
        await bench.SourceAsync("UPDATE t SET v=v+10; DELETE FROM x; " + Insert(100, 120), limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log.Entries, e => e.Message.Contains("2 of 3 parts are there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_rows_with_several_unique_keys_and_a_foreign_key_are_written_side_by_side_and_finished_by_the_next_worker()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, Sliced);
        const string Tables = "CREATE TABLE p (id INT PRIMARY KEY, n INT); CREATE TABLE d (id BIGINT PRIMARY KEY, p INT NOT NULL, code CHAR(20) NOT NULL UNIQUE, mail VARCHAR(50) NOT NULL, a INT, b INT, doc JSON, "
            + "UNIQUE (a, b), UNIQUE ((LOWER(mail))), FOREIGN KEY (p) REFERENCES p (id));";
        await bench.PrepareAsync(Tables + "INSERT INTO p VALUES (1,1),(2,2);" + Many(1, 30), null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);

        // Somebody holds one of the keys to come: its slot waits, the others commit.
        await bench.DestinationAsync("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN; INSERT INTO d VALUES (47,1,'none','x',-1,-1,'1')", limit.Token);
        await bench.SourceAsync(Many(31, 90), limit.Token);
        await WaitForDoneAsync(bench, 2, limit.Token);
        await bench.StopAsync();
        await bench.DestinationAsync("ROLLBACK", limit.Token);
        Assert.Equal("2", await DoneAsync(bench, limit.Token));

        // Values that go from row to row: all in one slot.
        await bench.SourceAsync(
            Many(91, 120) + "DELETE FROM d WHERE id=60; UPDATE d SET code=CONCAT('other ', id) WHERE id<60; UPDATE d SET code=CONCAT('code ', id+1) WHERE id<60 ORDER BY id; DELETE FROM d WHERE id BETWEEN 50 AND 60; INSERT INTO d VALUES (500,2,'code 51','User51@X',3,51,NULL);", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log.Entries, e => e.Message.Contains("2 of 3 parts are there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_difference_in_one_part_is_named_and_put_right_and_the_window_finished()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, Sliced);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT);" + Insert(1, 60), null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.DestinationAsync("DELETE FROM t WHERE id=17", limit.Token);
        await bench.SourceAsync("UPDATE t SET v=v+1", limit.Token);
        var failure = await Assert.ThrowsAsync<MySql.Errors.DtsMigrateException>(() => bench.DrainAsync(limit.Token));
        Assert.Equal("RowConflict", failure.Code);
        Assert.Contains("17", failure.Message, StringComparison.Ordinal);
        await bench.DestinationAsync("INSERT INTO t VALUES (17,0)", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("UPDATE t SET v=v+1", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    private static string Insert(int from, int to) => "INSERT INTO t VALUES " + string.Join(',', Enumerable.Range(from, to - from + 1).Select(i => $"({i},{i})")) + ";";

    private static string Many(int from, int to) =>
        "INSERT INTO d VALUES " + string.Join(',', Enumerable.Range(from, to - from + 1).Select(i => $"({i},{1 + (i % 2)},'code {i}','User{i}@X',{i % 4},{i},'{{\"i\": {i}.50}}')")) + ";";

    private static Task<string> DoneAsync(ReplicationBench bench, CancellationToken cancellationToken) =>
        bench.DestinationValueAsync($"SELECT COALESCE(SUM(done),0) FROM dts_migrate.applied_slot WHERE task='{bench.Database}'", cancellationToken);

    private static Task WaitForDoneAsync(ReplicationBench bench, int slots, CancellationToken cancellationToken) =>
        WaitFor.ConditionAsync(
            async token => await DoneAsync(bench, token) == slots.ToString(System.Globalization.CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(15),
            "the other slots to commit",
            cancellationToken);
}
