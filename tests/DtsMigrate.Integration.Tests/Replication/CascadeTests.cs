using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>A source whose foreign keys change rows without logging them: as all servers before 9.6 do.</summary>
public sealed class CascadeTests
{
    private const string Tables =
        """
        CREATE TABLE p (id INT PRIMARY KEY, code VARCHAR(12) COLLATE utf8mb4_0900_ai_ci NOT NULL UNIQUE, a INT NOT NULL, b SMALLINT UNSIGNED NOT NULL, v INT, UNIQUE (a, b));
        CREATE TABLE pair (id INT AUTO_INCREMENT PRIMARY KEY, a INT, b SMALLINT UNSIGNED, FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE SET NULL ON UPDATE CASCADE);
        CREATE TABLE kid (id INT AUTO_INCREMENT PRIMARY KEY, p INT, v INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);
        CREATE TABLE bag (p INT, v INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE);
        CREATE TABLE named (id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(12) COLLATE utf8mb4_0900_ai_ci, v INT, touched TIMESTAMP(6) NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(6), UNIQUE (code), FOREIGN KEY (code) REFERENCES p (code) ON DELETE SET NULL ON UPDATE CASCADE);
        CREATE TABLE below (id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(12) COLLATE utf8mb4_0900_ai_ci, v INT, UNIQUE (code), FOREIGN KEY (code) REFERENCES named (code) ON DELETE CASCADE ON UPDATE CASCADE);
        CREATE TABLE deep (id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(12) COLLATE utf8mb4_0900_ai_ci, FOREIGN KEY (code) REFERENCES below (code) ON DELETE CASCADE ON UPDATE SET NULL);
        CREATE TABLE tree (id INT PRIMARY KEY, up INT, p INT, v INT, FOREIGN KEY (up) REFERENCES tree (id) ON DELETE CASCADE, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);
        CREATE TABLE leaf (id INT AUTO_INCREMENT PRIMARY KEY, tree INT, FOREIGN KEY (tree) REFERENCES tree (id) ON DELETE SET NULL);
        CREATE TABLE orphan (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES orphan (id) ON DELETE SET NULL);
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_cascades_without_a_log_reaches_children_at_any_depth_while_tables_are_copied(bool merges)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await StartAsync(gtid: merges, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token)) { Tuning = new ApplyTuning { AlwaysMerge = merges } };
        await bench.PrepareCopyAsync(Tables, string.Empty, limit.Token);
        await WriteAsync(bench, new Random(1), transactions: 500, limit.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        Task[] writers = [.. Enumerable.Range(0, 3).Select(i => WriteAsync(bench, new Random(i + 10), int.MaxValue, stop.Token))];
        var random = new Random(7);
        for (int i = 0; i < 4; i++)
        {
            await bench.StartAsync(limit.Token);
            await Task.WhenAny(bench.Run, Task.Delay(random.Next(50, 700), limit.Token));
            await bench.StopAsync();
        }

        await bench.StartAsync(limit.Token);
        await WaitFor.ConditionAsync(() => bench.Replicator.AllLive || bench.Run.IsFaulted, TimeSpan.FromMinutes(1), "all tables Live", limit.Token);
        await Task.Delay(1500, limit.Token);
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        var mode = bench.Metrics.ApplyMode!;
        Assert.True(mode.Mode == "Merging" || !merges);
        Assert.Equal(mode.Mode == "Merging", mode.Reason.Contains("cascading foreign keys one by one", StringComparison.Ordinal));

        // Each kind once more, one by one, where it is known what must come of it.
        await bench.SourceAsync(
            "DELETE FROM deep; DELETE FROM bag; DELETE FROM below; DELETE FROM named; DELETE FROM p; DELETE FROM leaf; DELETE FROM orphan; SET foreign_key_checks=0; DELETE FROM tree; SET foreign_key_checks=1;"
            + "INSERT INTO p VALUES (1,'one',1,1,0),(2,'two',2,2,0),(3,'three',3,3,0); INSERT INTO bag VALUES (1,1),(1,1),(2,2); DELETE FROM pair; INSERT INTO pair (a,b) VALUES (1,1),(1,NULL),(2,2); UPDATE p SET b=7 WHERE id=1; INSERT INTO named (id,code,v) VALUES (1,'one',1),(2,'two',2);"
            + "INSERT INTO below (id,code) VALUES (1,'one'),(2,'two'); INSERT INTO deep (id,code) VALUES (1,'one'),(2,'two');"
            + "INSERT INTO tree VALUES (1,NULL,1,0),(2,1,NULL,0),(3,2,NULL,0),(4,3,NULL,0),(5,NULL,3,0); INSERT INTO leaf VALUES (1,3),(2,5); INSERT INTO orphan VALUES (1,NULL),(2,1),(3,1);"
            + "UPDATE p SET id=10 WHERE id=2; UPDATE p SET code='ONE' WHERE code='one'; UPDATE p SET code='uno' WHERE id=1; DELETE FROM orphan WHERE id=1;"
            + "SET foreign_key_checks=0; DELETE FROM p WHERE id=3; SET foreign_key_checks=1;",
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("uno", await bench.DestinationValueAsync("SELECT GROUP_CONCAT(code ORDER BY id) FROM below WHERE id=1", limit.Token));
        Assert.Equal("NULL", await bench.DestinationValueAsync("SELECT IFNULL(MAX(code),'NULL') FROM deep WHERE id=1", limit.Token));
        await bench.SourceAsync("DELETE FROM p WHERE id=1", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("5", await bench.DestinationValueAsync("SELECT GROUP_CONCAT(id) FROM tree", limit.Token));
        Assert.Equal("1", await bench.DestinationValueAsync("SELECT COUNT(*) FROM bag", limit.Token));
        await bench.StopAsync();
        Assert.DoesNotContain(bench.Log.Entries, e => e.Level != Engine.Progress.LogLevel.Info);
    }

    [Fact]
    public async Task A_cascade_into_a_table_that_was_copied_while_it_changed_stops_with_both_names()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await StartAsync(gtid: true, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(Tables + "INSERT INTO p VALUES (1,'one',1,1,0); INSERT INTO named (code) VALUES ('one')", "UPDATE p SET code='uno'; UPDATE named SET v=1;", limit.Token);
        await bench.StartAsync(limit.Token);
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.DrainAsync(limit.Token));
        Assert.Equal("CascadeNotExact", failure.Code);
        Assert.Contains($"{bench.Database}.p ", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{bench.Database}.named ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cascade_through_a_table_that_was_just_brought_in_is_not_passed_over()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await StartAsync(gtid: true, limit.Token);
        using var bench = await DdlBench.CreateAsync(
            "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE m (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE); CREATE TABLE c (id INT PRIMARY KEY, m INT, FOREIGN KEY (m) REFERENCES m (id) ON DELETE CASCADE);"
            + "CREATE TABLE other (id INT PRIMARY KEY); INSERT INTO other VALUES (1); INSERT INTO p VALUES (1),(2); INSERT INTO m VALUES (1,1),(2,2); INSERT INTO c VALUES (1,1),(2,2)",
            source: source);
        await bench.RunAsync();
        string outside = bench.Database + "_outside";
        await bench.SourceAsync(
            $"CREATE DATABASE {outside}; CREATE TABLE {outside}.m (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES {bench.Database}.p (id) ON DELETE CASCADE); INSERT INTO {outside}.m SELECT * FROM m;"
            + $"SET foreign_key_checks=0; DROP TABLE m; RENAME TABLE {outside}.m TO m; SET foreign_key_checks=1; DELETE FROM p WHERE id=1");
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(bench.RunAsync);
        Assert.Equal("CascadeNotExact", failure.Code);
        Assert.Equal("2", await bench.DestinationAsync($"SELECT COUNT(*) FROM {bench.Database}.p"));
    }

    [Fact]
    public async Task A_source_that_was_started_again_is_told_of_once_with_the_tables_it_may_have_left_behind()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var source = await StartAsync(gtid: true, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareAsync(Tables + "INSERT INTO p VALUES (1,'one',1,1,0),(2,'two',2,2,0); INSERT INTO kid (p) VALUES (1),(2)", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("DELETE FROM kid WHERE p=2; FLUSH BINARY LOGS; DELETE FROM p WHERE id=2", limit.Token);
        await bench.DrainAsync(limit.Token);
        Assert.DoesNotContain(bench.Log.Entries, e => e.Message.Contains("was started again", StringComparison.Ordinal));

        await source.RestartAsync(new Dictionary<string, string?>(), limit.Token);
        await bench.ReconnectAsync();
        await bench.SourceAsync("DELETE FROM p WHERE id=1; FLUSH BINARY LOGS", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        await bench.StopAsync();
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("INSERT INTO p VALUES (3,'three',3,3,0)", limit.Token);
        await bench.DrainAsync(limit.Token);
        var told = Assert.Single(bench.Log.Entries, e => e.Message.Contains("was started again", StringComparison.Ordinal));
        Assert.Equal(Engine.Progress.LogLevel.Warning, told.Level);
        Assert.Contains($"{bench.Database}.kid", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain($"{bench.Database}.p,", told.Message, StringComparison.Ordinal);
    }

    private static Task<MySqlServer> StartAsync(bool gtid, CancellationToken cancellationToken) => MySqlServer.StartAsync(
        new MySqlServerOptions { Name = "cascades", Gtid = gtid, Settings = new Dictionary<string, string?> { ["loose-innodb-native-foreign-keys"] = "ON" } }, cancellationToken);

    private static async Task WriteAsync(ReplicationBench bench, Random random, int transactions, CancellationToken cancellationToken)
    {
        await using var session = await MySqlSession.ConnectAsync(
            new MySqlSessionOptions { Host = bench.Source.Host, Port = bench.Source.Port, User = bench.Source.User, Database = bench.Database }, TimeProvider.System, CancellationToken.None);
        for (; transactions > 0 && !cancellationToken.IsCancellationRequested; transactions--)
        {
            try
            {
                await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes($"SET foreign_key_checks={(random.Next(30) == 0 ? 0 : 1)};START TRANSACTION;{Statements(random, 1 + random.Next(4))}COMMIT"), CancellationToken.None);
            }
            catch (MySqlServerException e) when (e.Errno is 1062 or 1213 or 1205 or 1451 or 1452 or 1761)
            {
                await session.ExecuteAsync("ROLLBACK", CancellationToken.None);
            }
        }
    }

    private static string Statements(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => Statement(random) + ";"));

    private static string Statement(Random random)
    {
        int Id() => random.Next(40);
        string Code() => string.Create(CultureInfo.InvariantCulture, $"'{(random.Next(2) == 0 ? "k" : "K")}{random.Next(25)}'");
        return string.Create(CultureInfo.InvariantCulture, $"{random.Next(25) switch
        {
            0 or 1 or 2 => $"INSERT IGNORE INTO p VALUES ({Id()},{Code()},{Id()},{Id()},1)",
            3 => $"DELETE FROM p WHERE id={Id()}",
            4 => $"UPDATE IGNORE p SET code={Code()} WHERE id={Id()}",
            5 => $"UPDATE IGNORE p SET id={Id() + 40},v=v+1 WHERE id={Id()}",
            6 => $"UPDATE p SET v=v+1 WHERE id={Id()}",
            7 => $"REPLACE INTO p VALUES ({Id()},{Code()},1,1,2)",
            8 => $"INSERT IGNORE INTO kid (p) VALUES ({Id()}),({Id()})",
            9 => $"INSERT IGNORE INTO bag VALUES ({Id()},{Id()}),({Id()},1)",
            10 or 11 => $"INSERT IGNORE INTO named (code,v) VALUES ({Code()},1)",
            12 or 13 => $"INSERT IGNORE INTO below (code,v) VALUES ({Code()},1),({Code()},2)",
            14 => $"INSERT IGNORE INTO deep (code) VALUES ({Code()}),({Code()})",
            15 => $"UPDATE IGNORE named SET code={Code()} WHERE code={Code()}",
            16 => $"DELETE FROM named WHERE code={Code()}",
            17 => $"INSERT IGNORE INTO tree VALUES ({Id()},NULL,{Id()},1),({Id()},{Id()},NULL,2),({Id()},{Id()},{Id()},2)",
            18 => $"DELETE FROM tree WHERE id={Id()}",
            19 => $"INSERT IGNORE INTO leaf (tree) VALUES ({Id()}),({Id()})",
            21 or 22 => $"INSERT IGNORE INTO pair (a,b) VALUES ({Id()},{Id()}),({Id()},NULL)",
            23 => $"UPDATE IGNORE p SET b={Id()} WHERE id={Id()}",
            24 => $"UPDATE IGNORE p SET a={Id()},b={Id()} WHERE id={Id()}",
            20 => $"INSERT IGNORE INTO orphan VALUES ({Id()},NULL),({Id()},{Id()})",
            _ => $"DELETE FROM orphan WHERE id={Id()}",
        }}");
    }
}
