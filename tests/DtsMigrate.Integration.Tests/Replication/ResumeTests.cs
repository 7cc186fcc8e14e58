using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Whatever breaks, the stream goes on from the destination's own record: nothing lost, nothing twice.</summary>
public sealed class ResumeTests
{
    private const string Tables =
        "CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE, v VARCHAR(50)); CREATE TABLE n (a INT, v VARCHAR(50));"
        + "INSERT INTO t VALUES (1,1,'x'),(2,2,'y'); INSERT INTO n VALUES (1,'x'),(1,'x');";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Broken_connections_on_both_sides_lose_and_double_nothing()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var sourceProxy = FaultProxy.Start(source);
        await using var destinationProxy = FaultProxy.Start(destination);
        await using var bench = new ReplicationBench(source, destination, sourceProxy, destinationProxy);
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        for (int round = 0; round < 8; round++)
        {
            var proxy = round % 2 == 0 ? sourceProxy : destinationProxy;
            _ = proxy.ResetAfterBytes(round % 4 < 2 ? ProxyDirection.ToServer : ProxyDirection.ToClient, 1000 + (round * 3000));
            await WriteAsync(bench, round, limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.True(sourceProxy.ConnectionsReset + destinationProxy.ConnectionsReset > 0);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_not_applied_twice()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var proxy = FaultProxy.Start(destination);
        await using var bench = new ReplicationBench(source, destination, null, proxy);
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        for (int round = 0; round < 6; round++)
        {
            // Every answer is a few bytes: somewhere among these one is COMMIT's.
            _ = proxy.ResetAfterBytes(ProxyDirection.ToClient, 5 + (round * 11));
            await bench.SourceAsync($"INSERT INTO n VALUES ({round},'r'); DELETE FROM n WHERE a=1 LIMIT 1; INSERT INTO n VALUES (1,'x')", limit.Token);
            await bench.DrainAsync(limit.Token);
        }

        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_session_left_over_by_a_dead_connection_is_ended_with_its_locks()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (3,3,'a')", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.StopAsync();

        // As it would be left: the task's lock, a transaction, the position's row written and not committed.
        await WaitFor.ConditionAsync(
            async token => await bench.DestinationValueAsync($"SELECT GET_LOCK('{ApplierSession.LockName(bench.Database)}',1)", token) == "1",
            TimeSpan.FromSeconds(20),
            "the task's lock",
            limit.Token);
        await bench.DestinationAsync($"BEGIN; DELETE FROM t; UPDATE dts_migrate.applied SET changes=changes+1 WHERE task='{bench.Database}'", limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (4,4,'a')", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token).WaitAsync(TimeSpan.FromSeconds(15), limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log.Entries, e => e.Message.Contains("left over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopped_and_started_again_it_goes_on_where_it_was()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync(Tables, "UPDATE t SET u=NULL WHERE id=1; UPDATE t SET u=1 WHERE id=2;", limit.Token);
        for (int round = 0; round < 5; round++)
        {
            await bench.StartAsync(limit.Token);
            await WriteAsync(bench, round, limit.Token);
            await bench.StopAsync();
        }

        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        var applied = await bench.Store.ReadAppliedAsync(limit.Token);
        Assert.Equal(applied!.Changes, bench.Metrics.ChangesApplied);
        Assert.All(await bench.Store.ReadTablesAsync(limit.Token), t => Assert.Equal(TableCopyState.Live, t.State));
    }

    [Fact]
    public async Task Servers_that_are_killed_and_come_back_are_gone_on_with()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "killed-source" }, limit.Token);
        await using var destination = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "killed-destination" }, limit.Token);
        await using var bench = new ReplicationBench(source, destination);
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        for (int round = 0; round < 2; round++)
        {
            var victim = round % 2 == 0 ? destination : source;
            var writing = victim == source ? Task.CompletedTask : WriteAsync(bench, round, limit.Token);
            await Task.WhenAny(writing, Task.Delay(200, limit.Token));
            await victim.KillAsync(limit.Token);
            await victim.StartAgainAsync(limit.Token);
            await writing;
            await bench.ReconnectAsync();
            await WriteAsync(bench, 10 + round, limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task Without_gtid_it_follows_files_and_offsets()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "files", Gtid = false }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(Tables, "UPDATE t SET u=NULL WHERE id=1; UPDATE t SET u=1 WHERE id=2;", limit.Token);
        for (int round = 0; round < 3; round++)
        {
            await bench.StartAsync(limit.Token);
            await WriteAsync(bench, round, limit.Token);
            await bench.SourceAsync("FLUSH BINARY LOGS; CREATE DATABASE IF NOT EXISTS elsewhere; CREATE TABLE IF NOT EXISTS elsewhere.e (i INT); INSERT INTO elsewhere.e VALUES (1);", limit.Token);
            await bench.DrainAsync(limit.Token);
            await bench.AssertEqualAsync(limit.Token);
            await bench.StopAsync();
        }
    }

    [Fact]
    public async Task Tagged_gtids_are_followed()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "tagged" }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(Tables, "SET gtid_next='AUTOMATIC:early'; UPDATE t SET v='e'; SET gtid_next='AUTOMATIC';", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("SET gtid_next='AUTOMATIC:blue'; INSERT INTO t VALUES (7,7,'b'); SET gtid_next='AUTOMATIC'; INSERT INTO t VALUES (8,8,'c');", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.StopAsync();
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("SET gtid_next='AUTOMATIC:blue'; DELETE FROM t WHERE id=7; SET gtid_next='AUTOMATIC';", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(":blue:", bench.Metrics.Position!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lag_is_zero_when_the_source_is_idle()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await WriteAsync(bench, 1, limit.Token);
        await bench.DrainAsync(limit.Token);
        await WaitFor.ConditionAsync(() => bench.Metrics.LagSeconds is >= 0 and < 5, TimeSpan.FromSeconds(30), "a lag near zero", limit.Token);
        Assert.True(bench.Metrics.BinlogBytes > 0);
    }

    private static async Task WriteAsync(ReplicationBench bench, int round, CancellationToken cancellationToken)
    {
        for (int i = 0; i < 20; i++)
        {
            int id = 100 + (round * 100) + i;
            await bench.SourceAsync(
                $"INSERT INTO t VALUES ({id},{id},'a'); UPDATE t SET v=CONCAT(v,'{i % 10}') WHERE id>{id - 3} AND LENGTH(v)<40; DELETE FROM t WHERE id={id - 5};"
                + $"BEGIN; INSERT INTO n VALUES ({i},'x'),({i},'x'); DELETE FROM n WHERE a={i - 1} LIMIT 1; UPDATE n SET v='y' WHERE a={i} LIMIT 1; COMMIT;"
                + $"BEGIN; UPDATE t SET u=NULL WHERE id=1; UPDATE t SET u={-id} WHERE id=2; UPDATE t SET u={-id - 100000} WHERE id=1; COMMIT;",
                cancellationToken);
        }
    }
}
