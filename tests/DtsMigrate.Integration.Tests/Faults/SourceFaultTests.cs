using DtsMigrate.Engine.Replication;
using DtsMigrate.Integration.Tests.Replication;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>The source fails over to another server, goes away, or comes back as it was yesterday.</summary>
public sealed class SourceFaultTests
{
    private const string Tables = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(30)); INSERT INTO t VALUES (1,'a'),(2,'b');";

    // Every wait for what may still be on its way ends in vain here.
    private const int SettleSeconds = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_promoted_replica_is_gone_on_with_and_one_that_lacks_what_was_applied_stops_the_task()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var first = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "first" }, limit.Token);
        await using var second = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "second" }, limit.Token);
        await using var third = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "third" }, limit.Token);
        await FollowAsync(second, first, limit.Token);
        await using var proxy = FaultProxy.Start(first);
        var tuning = new ApplyTuning { SettleSeconds = SettleSeconds };
        await using var bench = new ReplicationBench(first, await SharedServers.DestinationAsync(limit.Token), proxy) { Tuning = tuning };
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (3,'c'); UPDATE t SET v='d' WHERE id=1; FLUSH BINARY LOGS; DELETE FROM t WHERE id=2", limit.Token);
        await bench.DrainAsync(limit.Token);
        await second.RunSqlAsync($"SELECT WAIT_FOR_EXECUTED_GTID_SET('{(await first.RunSqlAsync("SELECT @@GLOBAL.gtid_executed", limit.Token)).Trim()}', 60); STOP REPLICA; RESET REPLICA ALL;", limit.Token);

        await first.KillAsync(limit.Token);
        await second.RunSqlAsync($"INSERT INTO {bench.Database}.t VALUES (9,'after'); UPDATE {bench.Database}.t SET v='moved' WHERE id=3;", limit.Token);
        proxy.MoveTo(second);
        bench.Source = second;
        await bench.ReconnectAsync();
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);

        proxy.MoveTo(third);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("SourceRestored", failure.Code);
        Assert.Contains("has not executed", failure.Message, StringComparison.Ordinal);

        // Pointed to the right server again it goes on.
        proxy.MoveTo(second);
        await bench.SourceAsync("INSERT INTO t VALUES (10,'again')", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_promoted_replica_at_another_address_finishes_the_window_that_was_being_written()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var first = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "old" }, limit.Token);
        await using var second = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "new" }, limit.Token);
        await second.RunSqlAsync("SET GLOBAL super_read_only=ON", limit.Token);
        await FollowAsync(second, first, limit.Token);
        var tuning = new ApplyTuning { AlwaysMerge = true, SliceRows = 2, Slots = 3 };
        await using var bench = new ReplicationBench(first, await SharedServers.DestinationAsync(limit.Token), otherSource: second) { Tuning = tuning };
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES " + string.Join(',', Enumerable.Range(1, 40).Select(i => $"({i},{i})")), null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);

        // One row cannot be written for now: its slot waits, the others commit.
        await bench.DestinationAsync("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN; SELECT * FROM t WHERE id=17 FOR UPDATE", limit.Token);
        await bench.SourceAsync("UPDATE t SET v=v+1; DELETE FROM t WHERE id%5=0; INSERT INTO t VALUES (50,1),(51,1),(52,1);", limit.Token);
        string done = $"SELECT COALESCE(SUM(done),0) FROM dts_migrate.applied_slot WHERE task='{bench.Database}'";
        await WaitFor.ConditionAsync(async token => await bench.DestinationValueAsync(done, token) == "2", TimeSpan.FromSeconds(30), "the other slots", limit.Token);
        await bench.StopAsync();
        await bench.DestinationAsync("ROLLBACK", limit.Token);
        await second.RunSqlAsync($"SELECT WAIT_FOR_EXECUTED_GTID_SET('{(await first.RunSqlAsync("SELECT @@GLOBAL.gtid_executed", limit.Token)).Trim()}', 60); STOP REPLICA; RESET REPLICA ALL;", limit.Token);
        await first.KillAsync(limit.Token);

        // Not promoted yet: nobody's source.
        var refused = await Assert.ThrowsAsync<MySqlConnectionException>(() => bench.StartAsync(limit.Token));
        Assert.Equal("NoWritableServer", refused.Code);
        Assert.True(refused.IsTransient);

        await second.RunSqlAsync($"SET GLOBAL super_read_only=OFF; SET GLOBAL read_only=OFF; UPDATE {bench.Database}.t SET v=v+10; INSERT INTO {bench.Database}.t VALUES (60,60); DELETE FROM {bench.Database}.t WHERE id=51;", limit.Token);
        bench.Source = second;
        await bench.ReconnectAsync();
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log.Entries, e => e.Message.Contains("2 of 3 parts are there", StringComparison.Ordinal));

        // Frozen before a cutover it is still the source.
        await second.RunSqlAsync($"UPDATE {bench.Database}.t SET v=v+100; SET GLOBAL super_read_only=ON", limit.Token);
        await bench.StopAsync();
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task An_incident_stops_the_task_with_what_precedes_it_applied()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "incident" }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);

        // A statement of an engine without transactions that the log has no room for: its rows are there, and the log says that it lacks something.
        await source.RunSqlAsync("SET GLOBAL max_binlog_stmt_cache_size=4096, GLOBAL binlog_stmt_cache_size=4096", limit.Token);
        await bench.ReconnectAsync();
        await bench.SourceAsync("INSERT INTO t VALUES (3,'before')", limit.Token);
        await Assert.ThrowsAsync<MySqlServerException>(() => bench.SourceAsync(
            "CREATE TABLE m (id INT PRIMARY KEY, v VARCHAR(3000)) ENGINE=MyISAM; INSERT INTO m VALUES (1,REPEAT('a',3000)),(2,REPEAT('b',3000)),(3,REPEAT('c',3000)),(4,REPEAT('d',3000))", limit.Token));
        await source.RunSqlAsync($"INSERT INTO {bench.Database}.t VALUES (4,'after')", limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("SourceIncident", failure.Code);
        Assert.Equal("1,2,3", await bench.DestinationValueAsync("SELECT GROUP_CONCAT(id ORDER BY id) FROM t", limit.Token));
    }

    [Fact]
    public async Task A_source_restored_to_the_past_stops_the_task()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "restored" }, limit.Token);
        if (source.DataFolder is not { } folder)
        {
            return; // in a container the files are out of reach
        }

        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token)) { Tuning = new ApplyTuning { SettleSeconds = SettleSeconds } };
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await source.StopAsync(limit.Token);
        string backup = folder + ".backup";
        Copy(folder, backup);
        await source.StartAgainAsync(limit.Token);
        await bench.ReconnectAsync();
        await bench.SourceAsync("INSERT INTO t VALUES (3,'lost by the restore')", limit.Token);
        await bench.DrainAsync(limit.Token);

        await source.StopAsync(limit.Token);
        Directory.Delete(folder, recursive: true);
        Directory.Move(backup, folder);
        await source.StartAgainAsync(limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("SourceRestored", failure.Code);
        Assert.Equal("3", await bench.DestinationValueAsync("SELECT COUNT(*) FROM t", limit.Token));
    }

    [Fact]
    public async Task A_source_that_is_away_is_waited_for()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "away" }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await source.StopAsync(limit.Token);
        await WaitFor.ConditionAsync(() => bench.Log.Entries.Count(e => e.Message.Contains("127.0.0.1", StringComparison.Ordinal)) >= 3, TimeSpan.FromSeconds(60), "three tries", limit.Token);
        Assert.False(bench.Run.IsCompleted);
        await source.StartAgainAsync(limit.Token);
        await bench.ReconnectAsync();
        await bench.SourceAsync("INSERT INTO t VALUES (3,'c')", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    private static async Task FollowAsync(MySqlServer replica, MySqlServer source, CancellationToken cancellationToken) => await replica.RunSqlAsync(
        $"CHANGE REPLICATION SOURCE TO SOURCE_HOST='{source.Host}', SOURCE_PORT={source.Port}, SOURCE_USER='{source.User}', SOURCE_PASSWORD='', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1; START REPLICA;",
        cancellationToken);

    private static void Copy(string from, string to)
    {
        foreach (string folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
        {
            string copy = Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder))).FullName;
            foreach (string file in Directory.GetFiles(folder))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }
    }
}
