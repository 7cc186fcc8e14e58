using DtsMigrate.Integration.Tests.Replication;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>Whatever the destination refuses for a while is waited for; nothing is lost, and the task goes on by itself.</summary>
public sealed class DestinationFaultTests
{
    private const string Tables = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(3000)); CREATE TABLE big (id INT PRIMARY KEY, b LONGBLOB);";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_full_disk_is_waited_for()
    {
        using var limit = new CancellationTokenSource(Limit);
        var small = new Dictionary<string, string?> { ["innodb-data-file-path"] = "ibdata1:12M:autoextend:max:64M", ["innodb-file-per-table"] = "OFF" };
        await using var destination = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "full", Settings = small }, limit.Token);
        await using var bench = new ReplicationBench(await SharedServers.SourceAsync(limit.Token), destination);
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("INSERT INTO t (v) VALUES ('before')", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.DestinationAsync("CREATE TABLE ballast (id INT AUTO_INCREMENT PRIMARY KEY, b LONGBLOB)", limit.Token);
        await Assert.ThrowsAsync<MySqlServerException>(async () =>
        {
            while (true)
            {
                await bench.DestinationAsync("INSERT INTO ballast (b) VALUES (REPEAT('x',300000))", limit.Token);
            }
        });
        await bench.SourceAsync("SET cte_max_recursion_depth=10000; INSERT INTO t (v) WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<4000) SELECT REPEAT('y',2500) FROM s", limit.Token);
        await RetriedAsync(bench, 1114, limit.Token);
        Assert.False(bench.Run.IsCompleted);
        await bench.DestinationAsync("DROP TABLE ballast", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_destination_that_is_read_only_for_a_while_is_waited_for()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var destination = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "readonly" }, limit.Token);
        await using var bench = new ReplicationBench(await SharedServers.SourceAsync(limit.Token), destination);
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.DestinationAsync("SET GLOBAL super_read_only=ON", limit.Token);
        await bench.SourceAsync("INSERT INTO t (v) VALUES ('a'),('b'); UPDATE t SET v='c'", limit.Token);
        await RetriedAsync(bench, 1290, limit.Token);
        await bench.DestinationAsync("SET GLOBAL read_only=OFF", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_lowered_packet_limit_is_kept_and_a_single_row_beyond_it_is_named()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var destination = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "packet" }, limit.Token);
        await using var proxy = FaultProxy.Start(destination);
        await using var bench = new ReplicationBench(await SharedServers.SourceAsync(limit.Token), destination, null, proxy);
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);

        // Sessions keep the limit they began with.
        await bench.DestinationAsync("SET GLOBAL max_allowed_packet=65536", limit.Token);
        proxy.ResetAll();
        await bench.SourceAsync("INSERT INTO big VALUES (1,REPEAT('a',40000)),(2,REPEAT('b',40000)),(3,REPEAT('c',30000)); INSERT INTO t (v) SELECT REPEAT('d',3000) FROM big a JOIN big b JOIN big c JOIN big d", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);

        await bench.SourceAsync("INSERT INTO big VALUES (4,REPEAT('e',100000))", limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("RowTooLarge", failure.Code);
        Assert.Equal($"{bench.Database}.big", failure.Target);
        await bench.DestinationAsync("SET GLOBAL max_allowed_packet=1048576", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    private static Task RetriedAsync(ReplicationBench bench, int errno, CancellationToken cancellationToken) => WaitFor.ConditionAsync(
        () => bench.Run.IsFaulted || bench.Log.Entries.Any(e => e.Message.Contains($"MySQL error {errno}", StringComparison.Ordinal)), TimeSpan.FromSeconds(60), $"a retry for error {errno}", cancellationToken);
}
