using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>XA transactions: their changes are in the binary log at PREPARE, and count from COMMIT on.</summary>
public sealed class XaTests
{
    private const string Tables = "CREATE TABLE t (id INT PRIMARY KEY, v INT, x VARCHAR(100)); CREATE TABLE n (a INT, b VARCHAR(100)); INSERT INTO t VALUES (1,1,'one'),(2,2,'two'),(3,3,'three');";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Committed_ones_arrive_and_others_do_not(bool gtid)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "xa", Gtid = gtid }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync(
            "CREATE DATABASE elsewhere; CREATE TABLE elsewhere.e (id INT PRIMARY KEY);"
            + "XA START 'a','b'; INSERT INTO elsewhere.e VALUES (1); XA END 'a','b'; XA PREPARE 'a','b'; XA START '1'; INSERT INTO elsewhere.e VALUES (2); XA END '1'; XA COMMIT '1' ONE PHASE; XA COMMIT 'a','b';"
            + "XA START 'c'; INSERT INTO t VALUES (4,4,'c'); UPDATE t SET v=-1 WHERE id=1; XA END 'c'; XA PREPARE 'c'; UPDATE t SET v=-2 WHERE id=2; INSERT INTO n VALUES (1,'between');"
            + "XA START X'00FF','d',7; INSERT INTO n VALUES (2,'d'); DELETE FROM t WHERE id=3; XA END X'00FF','d',7; XA PREPARE X'00FF','d',7; XA START 'e'; INSERT INTO n VALUES (3,'never'); XA END 'e'; XA PREPARE 'e';",
            limit.Token);
        await bench.DrainAsync(limit.Token);
        Assert.Equal("1,-2,3", await bench.DestinationValueAsync("SELECT GROUP_CONCAT(v ORDER BY id) FROM t", limit.Token));

        await bench.SourceAsync(
            "XA COMMIT X'00FF','d',7; XA ROLLBACK 'e'; UPDATE t SET v=v+10 WHERE id=2; XA COMMIT 'c';"
            + "XA START 'c'; UPDATE t SET x='again'; XA END 'c'; XA PREPARE 'c'; XA COMMIT 'c'; XA START 'o'; SAVEPOINT s; INSERT INTO t VALUES (6,6,'undone'); ROLLBACK TO s; INSERT INTO t VALUES (5,5,'one phase'); XA END 'o'; XA COMMIT 'o' ONE PHASE;"
            + "SET SESSION binlog_transaction_compression=ON; XA START 'z'; INSERT INTO t SELECT id+100, v, REPEAT('z',100) FROM t; XA END 'z'; XA PREPARE 'z'; XA COMMIT 'z';",
            limit.Token);
        await bench.SourceAsync(
            "XA START 'r'; DO (SELECT COUNT(*) FROM t); XA END 'r'; XA PREPARE 'r'; XA COMMIT 'r'; XA START 'q'; XA END 'q'; XA PREPARE 'q'; XA ROLLBACK 'q';"
            + "SET SESSION sql_log_bin=0; XA START 's'; INSERT INTO elsewhere.e VALUES (9); XA END 's'; XA PREPARE 's'; SET SESSION sql_log_bin=1; XA COMMIT 's'; INSERT INTO n VALUES (9,'last')",
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("8", await bench.DestinationValueAsync("SELECT COUNT(*) FROM t", limit.Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_was_prepared_before_a_restart_arrives_at_its_commit(bool gtid)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "xa-restart", Gtid = gtid }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        string early = $"'{bench.Database}'";
        await bench.PrepareAsync($"{Tables} XA START {early}; INSERT INTO n VALUES (0,'before the watermark'); XA END {early}; XA PREPARE {early};", null, limit.Token);
        await bench.DestinationAsync($"XA ROLLBACK {early}", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync(
            "XA START 'x'; UPDATE t SET v=100; XA END 'x'; XA PREPARE 'x'; XA COMMIT 'x';"
            + "XA START 'x'; UPDATE t SET v=v+1 WHERE id=1; INSERT INTO n VALUES (1,'x'); XA END 'x'; XA PREPARE 'x'; XA START 'y'; INSERT INTO n VALUES (2,'y'); XA END 'y'; XA PREPARE 'y';",
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.StopAsync();
        await bench.SourceAsync("FLUSH BINARY LOGS; UPDATE t SET v=v+1 WHERE id=2; FLUSH BINARY LOGS;", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.StopAsync();
        Assert.Equal("100,101,100", await bench.DestinationValueAsync("SELECT GROUP_CONCAT(v ORDER BY id) FROM t", limit.Token));

        await source.KillAsync(limit.Token);
        await source.StartAgainAsync(limit.Token);
        await bench.ReconnectAsync();
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync($"XA COMMIT 'x'; UPDATE t SET v=v*2 WHERE id=1; XA COMMIT 'y'; XA COMMIT {early}; INSERT INTO n VALUES (3,'after');", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.StopAsync();
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("202,101,100", await bench.DestinationValueAsync("SELECT GROUP_CONCAT(v ORDER BY id) FROM t", limit.Token));
        Assert.Equal("0,1,2,3", await bench.DestinationValueAsync("SELECT GROUP_CONCAT(a ORDER BY a) FROM n", limit.Token));
    }

    [Fact]
    public async Task One_too_large_to_be_kept_is_read_again_from_the_log()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        string xid = $"'{bench.Database}'";
        await bench.PrepareAsync("CREATE TABLE g (id INT PRIMARY KEY, v LONGBLOB);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        foreach (string end in (string[])[$"XA PREPARE {xid}; INSERT INTO g VALUES (-1,'between'); XA COMMIT {xid}", $"XA COMMIT {xid} ONE PHASE"])
        {
            await bench.SourceAsync(
                $"SET cte_max_recursion_depth=100000; XA START {xid}; INSERT INTO g WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<10000) SELECT i + {end.Length * 100_000}, REPEAT(CHAR(i%256), 2000) FROM c; XA END {xid}; {end};",
                limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("20001", await bench.DestinationValueAsync("SELECT COUNT(*) FROM g", limit.Token));
    }

    [Fact]
    public async Task One_whose_changes_were_purged_stops_and_is_named()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "xa-purged" }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(Tables, null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("XA START 'gone'; UPDATE t SET v=9 WHERE id=1; XA END 'gone'; XA PREPARE 'gone'; INSERT INTO n VALUES (1,'position'); FLUSH BINARY LOGS;", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.StopAsync();
        await bench.SourceAsync("PURGE BINARY LOGS TO 'binlog.000002'; INSERT INTO t VALUES (4,4,'kept'); XA COMMIT 'gone';", limit.Token);
        await bench.StartAsync(limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("XaPrepareMissing", failure.Code);
        Assert.Contains("X'676f6e65'", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(failure.RecommendedAction);
        Assert.Equal("4", await bench.DestinationValueAsync("SELECT COUNT(*) FROM t", limit.Token));
    }
}
