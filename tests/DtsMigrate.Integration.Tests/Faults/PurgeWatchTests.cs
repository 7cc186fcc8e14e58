using DtsMigrate.Engine;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Integration.Tests.Replication;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>The source is about to purge what the task has not read, or has done so.</summary>
public sealed class PurgeWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_near_its_end_is_named_and_a_purged_one_stops_the_task(bool gtid)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "purge", Gtid = gtid }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY)", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1)", limit.Token);
        await bench.DrainAsync(limit.Token);
        SourcePosition early = (await bench.Store.ReadAppliedAsync(limit.Token))!.Current;
        RunContext context = bench.Context;
        await bench.StopAsync();
        var watch = new PurgeWatch(context);

        await bench.SourceAsync("SET GLOBAL binlog_expire_logs_seconds=1", limit.Token);
        Assert.Null(await watch.LookAsync(early, limit.Token)); // in the file that is being written

        await bench.SourceAsync("SET GLOBAL binlog_expire_logs_seconds=100000; INSERT INTO t VALUES (2); FLUSH BINARY LOGS; INSERT INTO t VALUES (3); FLUSH BINARY LOGS; INSERT INTO t VALUES (4)", limit.Token);
        Assert.Null(await watch.LookAsync(early, limit.Token));

        await bench.SourceAsync("SET GLOBAL binlog_expire_logs_seconds=2", limit.Token);
        string? warning = null;
        await WaitFor.ConditionAsync(async token => (warning = await watch.LookAsync(early, token)) is not null, TimeSpan.FromSeconds(30), "the warning", limit.Token);
        Assert.Contains("binlog.000001", warning, StringComparison.Ordinal);
        Assert.Contains("binlog_expire_logs_seconds", warning, StringComparison.Ordinal);

        await bench.SourceAsync("SET GLOBAL binlog_expire_logs_auto_purge=OFF", limit.Token);
        Assert.Null(await watch.LookAsync(early, limit.Token));

        await bench.SourceAsync("PURGE BINARY LOGS TO 'binlog.000003'", limit.Token);
        Assert.Equal("BinlogPurged", (await Assert.ThrowsAsync<DtsMigrateException>(() => watch.LookAsync(early, limit.Token))).Code);
    }

    [Theory]
    [InlineData(60, 30)]
    [InlineData(3_600, 1_800)]
    [InlineData(86_400, 17_280)]
    [InlineData(2_592_000, 518_400)]
    public void It_is_told_a_fifth_of_the_time_before_but_no_more_than_half(int retention, int margin) =>
        Assert.Equal(TimeSpan.FromSeconds(margin), PurgeWatch.Margin(TimeSpan.FromSeconds(retention)));

    [Fact]
    public async Task The_heartbeat_writes_to_the_source_by_option_only_and_leaves_nothing()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "heartbeat" }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY)", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        Assert.Equal("0", (await source.RunSqlAsync("SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME='dts_migrate'", limit.Token)).Trim());
        await bench.StopAsync();

        bench.Options = bench.Options with { Heartbeat = true };
        await bench.StartAsync(limit.Token);
        await WaitFor.ConditionAsync(
            async token => (await source.RunSqlAsync("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='dts_migrate'", token)).Trim() == "1"
                && (await source.RunSqlAsync("SELECT COUNT(*) FROM dts_migrate.heartbeat WHERE at > UTC_TIMESTAMP() - INTERVAL 5 SECOND", token)).Trim() == "1",
            TimeSpan.FromSeconds(30),
            "a heartbeat",
            limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1)", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        await bench.StopAsync();
        Assert.Equal("0", (await source.RunSqlAsync("SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME='dts_migrate'", limit.Token)).Trim());
    }
}
