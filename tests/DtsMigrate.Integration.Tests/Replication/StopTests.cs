using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>What cannot be carried over exactly stops the stream with its cause, and what came before is kept.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("SET SESSION binlog_format=STATEMENT; UPDATE t SET v=9", "StatementFormat")]
    [InlineData("SET SESSION binlog_row_image=MINIMAL; UPDATE t SET v=9 WHERE id=1", "IncompleteRowImage")]
    public async Task A_change_that_is_not_carried_over_stops_with_its_statement(string statement, string code)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT, x INT); INSERT INTO t VALUES (1,1,1);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (2,2,2)", limit.Token);
        await bench.DrainAsync(limit.Token);

        await bench.SourceAsync($"INSERT INTO t VALUES (3,3,3); {statement}", limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal(code, failure.Code);
        Assert.Contains(bench.Database, failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.RecommendedAction);
        Assert.Equal("3", await bench.DestinationValueAsync("SELECT COUNT(*) FROM t", limit.Token));

        // Started again it stops at the same place, and has not lost its position.
        await bench.StartAsync(limit.Token);
        Assert.Equal(code, (await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token))).Code);
    }

    [Fact]
    public async Task Statements_that_change_no_selected_table_are_passed_over()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        string other = SharedServers.NewDatabaseName("other");
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync(
            $"""
            CREATE DATABASE {other}; CREATE TABLE {other}.t (id INT PRIMARY KEY, v INT); INSERT INTO {other}.t VALUES (1,1);
            ALTER TABLE {other}.t ADD COLUMN w INT; CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY, v INT); DROP TABLE IF EXISTS nothing_here;
            ANALYZE TABLE t; OPTIMIZE TABLE {other}.t; CREATE TEMPORARY TABLE t (a INT); INSERT INTO t VALUES (5); DROP TEMPORARY TABLE t;
            CREATE VIEW v AS SELECT * FROM t; DROP VIEW v; CREATE USER '{other}'@'localhost'; GRANT SELECT ON {other}.* TO '{other}'@'localhost'; DROP USER '{other}'@'localhost';
            SET SESSION binlog_format=STATEMENT; UPDATE {other}.t SET v=2; SET SESSION binlog_format=ROW;
            BEGIN; INSERT INTO t VALUES (1,1); SAVEPOINT a; INSERT INTO t VALUES (2,2); ROLLBACK TO a; SAVEPOINT b; INSERT INTO t VALUES (3,3); COMMIT; FLUSH TABLES; DROP DATABASE {other};
            """,
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log.Entries, e => e.Message.Contains("CREATE", StringComparison.Ordinal) && e.Message.Contains("VIEW", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE t SET id=9 WHERE id=2", "UPDATE t SET v=5 WHERE id=2", "Update")]
    [InlineData("DELETE FROM t WHERE id=2", "DELETE FROM t WHERE id=2", "Delete")]
    [InlineData("INSERT INTO t VALUES (7,7,7)", "INSERT INTO t VALUES (7,1,1)", "exists")]
    [InlineData("DELETE FROM n", "UPDATE n SET v=2", "Update")]
    public async Task A_row_that_somebody_else_changed_on_the_destination_stops_with_its_key(string onDestination, string onSource, string word)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT, x INT); INSERT INTO t VALUES (1,1,1),(2,2,2); CREATE TABLE n (v INT); INSERT INTO n VALUES (1);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (3,3,3)", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.DestinationAsync(onDestination, limit.Token);
        await bench.SourceAsync(onSource, limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("RowConflict", failure.Code);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(bench.Database, failure.Target!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purged_binary_log_stops_and_is_never_skipped()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "purged" }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT);", null, limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1,1); FLUSH BINARY LOGS; INSERT INTO t VALUES (2,2); FLUSH BINARY LOGS; PURGE BINARY LOGS TO 'binlog.000003';", limit.Token);
        await bench.StartAsync(limit.Token);
        Assert.Equal("BinlogPurged", (await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token))).Code);
    }

    [Fact]
    public async Task A_damaged_binary_log_stops_with_what_the_source_says()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "damaged" }, limit.Token);
        if (source.DataFolder is not { } folder)
        {
            return; // in a container the file is out of reach
        }

        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT);", null, limit.Token);
        await bench.SourceAsync("FLUSH BINARY LOGS; INSERT INTO t VALUES (1,1); FLUSH BINARY LOGS;", limit.Token);
        await DamageAsync(Path.Combine(folder, "binlog.000002"), limit.Token);
        await bench.StartAsync(limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("BinlogUnreadable", failure.Code);
        Assert.Contains("gtid:", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1236, Assert.IsType<MySqlServerException>(failure.InnerException).Errno);
        Assert.Contains(((MySqlServerException)failure.InnerException).ServerMessage, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transactions_over_several_engines_are_exact_and_a_logged_ROLLBACK_TO_behind_rows_stops()
    {
        const string Savepoint = "SAVEPOINT `abcd`";
        const string Undone = "ROLLBACK TO `ab`";
        using var limit = new CancellationTokenSource(Limit);
        var settings = new Dictionary<string, string?> { ["enforce-gtid-consistency"] = "OFF", ["binlog-checksum"] = "NONE" };
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "engines", Gtid = false, Settings = settings }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(
            "CREATE TABLE t (id INT PRIMARY KEY, v INT); CREATE TABLE m (id INT PRIMARY KEY, v INT) ENGINE=MyISAM; INSERT INTO t VALUES (1,1),(2,2); INSERT INTO m VALUES (1,1),(2,2);", null, limit.Token);
        await bench.DestinationAsync("ALTER TABLE m ENGINE=InnoDB", limit.Token);
        await bench.StartAsync(limit.Token);

        // What is rolled back in one engine stays in the other.
        await bench.SourceAsync(
            """
            BEGIN; INSERT INTO t VALUES (3,3); SAVEPOINT a; UPDATE t, m SET t.v=9, m.v=9 WHERE t.id=m.id; INSERT INTO m VALUES (5,5); INSERT INTO t VALUES (4,4); ROLLBACK TO a; INSERT INTO t VALUES (5,5); COMMIT;
            BEGIN; INSERT INTO t VALUES (6,6); INSERT INTO m VALUES (6,6); UPDATE t, m SET t.v=8, m.v=8 WHERE t.id=m.id; ROLLBACK;
            SET SESSION binlog_format=MIXED; BEGIN; INSERT INTO m VALUES (7,LENGTH(UUID())); SAVEPOINT a; INSERT INTO t VALUES (7,LENGTH(UUID())); ROLLBACK TO a; COMMIT; SET SESSION binlog_format=ROW;
            """,
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        await bench.StopAsync();
        if (source.DataFolder is not { } folder)
        {
            return; // in a container the file is out of reach
        }

        // Servers write that statement where a transaction's cache holds what cannot be undone. This one never does with rows: its file is made to say so.
        await bench.SourceAsync($"FLUSH BINARY LOGS; INSERT INTO t VALUES (20,20); BEGIN; INSERT INTO t VALUES (21,21); {Savepoint}; INSERT INTO t VALUES (22,22); COMMIT; FLUSH BINARY LOGS;", limit.Token);
        string file = Path.Combine(folder, "binlog.000002");
        await ReplaceAsync(file, Savepoint, Undone, limit.Token);
        for (int start = 0; start < 2; start++)
        {
            await bench.StartAsync(limit.Token);
            var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
            Assert.Equal("UnknownStatement", failure.Code);
            Assert.Contains(Undone, failure.Message, StringComparison.Ordinal);
            Assert.Equal("0", await bench.DestinationValueAsync("SELECT COUNT(*) FROM t WHERE id>20", limit.Token));
        }

        await ReplaceAsync(file, Undone, Savepoint, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    private static async Task ReplaceAsync(string file, string old, string now, CancellationToken cancellationToken)
    {
        byte[] bytes = await File.ReadAllBytesAsync(file, cancellationToken);
        int at = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(old));
        System.Text.Encoding.ASCII.GetBytes(now).CopyTo(bytes, at);
        await File.WriteAllBytesAsync(file, bytes, cancellationToken);
    }

    // The length of the first event behind the two that open the file becomes one that cannot be.
    private static async Task DamageAsync(string file, CancellationToken cancellationToken)
    {
        byte[] bytes = await File.ReadAllBytesAsync(file, cancellationToken);
        int at = 4;
        for (int i = 0; i < 2; i++)
        {
            at += BitConverter.ToInt32(bytes, at + 9);
        }

        BitConverter.TryWriteBytes(bytes.AsSpan(at + 9), 3);
        await File.WriteAllBytesAsync(file, bytes, cancellationToken);
    }
}
