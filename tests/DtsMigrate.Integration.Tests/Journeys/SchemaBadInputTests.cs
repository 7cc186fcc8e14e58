using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Schema;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Objects and accounts that the destination cannot have: each is named, and nothing of it stays half made.</summary>
public sealed class SchemaBadInputTests
{
    [Fact]
    public async Task What_the_destination_cannot_have_is_named_in_its_words_and_all_else_is_whole()
    {
        using Journey journey = await Journey.CreateAsync("badschema");
        string db = journey.Database;
        string other = db + "_other";
        await InstallAsync(journey.Source, "simple_parser", "mypluglib.so");
        await InstallAsync(journey.Source, "auth_socket", "auth_socket.so");
        await journey.Destination.RunSqlAsync("SET GLOBAL log_bin_trust_function_creators=ON", CancellationToken.None);
        await journey.Source.RunSqlAsync(
            $"""
            INSERT INTO mysql.time_zone VALUES (4711, 'N'); INSERT INTO mysql.time_zone_name VALUES ('Nowhere/{db}', 4711); INSERT INTO mysql.time_zone_transition_type VALUES (4711, 0, 3600, 0, 'X');
            SET GLOBAL log_bin_trust_function_creators=ON; CREATE DATABASE `{db}`; CREATE DATABASE `{other}`; CREATE TABLE `{other}`.t (id int); CREATE PROCEDURE `{other}`.P() SELECT 2; USE `{db}`;
            CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TABLE gone (a int); CREATE VIEW lost AS SELECT * FROM gone; CREATE VIEW above AS SELECT * FROM lost; CREATE VIEW good AS SELECT * FROM t; DROP TABLE gone; CREATE PROCEDURE p() SELECT 1;
            CREATE TRIGGER plain BEFORE UPDATE ON t FOR EACH ROW SET NEW.n = 1;
            CREATE TRIGGER strange BEFORE INSERT ON t FOR EACH ROW SET NEW.n = @@GLOBAL.simple_parser_simple_sysvar_one;
            CREATE TRIGGER last AFTER INSERT ON t FOR EACH ROW SET @x = 1;
            INSERT INTO t VALUES (1, 1); CREATE USER {db}_s IDENTIFIED WITH auth_socket AS 'os'; CREATE USER {db}_two IDENTIFIED BY 'x' AND IDENTIFIED WITH auth_socket AS 'os'; CREATE USER {db}_ok;
            SET time_zone='Nowhere/{db}'; CREATE EVENT far ON SCHEDULE AT '2040-01-01 00:00:00' DO DELETE FROM t;
            """,
            CancellationToken.None);
        MigrationTask task = journey.Task() with
        {
            MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full,
            Objects = [new DatabaseSelection(db, db, true, []), new DatabaseSelection(other, db, true, [])],
            Accounts = [$"{db}_s", $"{db}_two", $"{db}_ok"],
            Options = new TaskOptions { TriggerMethod = TriggerMethod.Automatic },
        };
        await journey.WriteTaskAsync(task);

        var (code, output, error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.True(code == 3, output + error);
        Assert.Contains($"{db}.t and {other}.t become one table on the destination, {db}.t", error, StringComparison.Ordinal);
        Assert.Contains($"Procedure {db}.p and Procedure {other}.P become one Procedure on the destination", error, StringComparison.Ordinal);
        Assert.Contains($"Account {db}_s@% cannot be migrated: the destination does not have the authentication plugin auth_socket", error, StringComparison.Ordinal);
        Assert.Contains($"Account {db}_two@% cannot be migrated: the destination does not have the authentication plugin auth_socket", error, StringComparison.Ordinal);
        Assert.Contains($"The destination does not know the time zone Nowhere/{db} of the events {db}.far", error, StringComparison.Ordinal);
        Assert.Equal("0", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT (SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME='{db}') + (SELECT COUNT(*) FROM mysql.user WHERE User LIKE '{db}%')"));

        await journey.Source.RunSqlAsync($"DROP EVENT `{db}`.far", CancellationToken.None);
        await journey.WriteTaskAsync(task with { Objects = [new DatabaseSelection(db, db, true, [])], Accounts = [$"{db}_ok"] });
        for (int run = 0; run < 2; run++)
        {
            (code, output, error) = await journey.RunAsync("run", journey.TaskFile);
            Assert.True(code == 4, output + error);
            Assert.Contains($"Trigger {db}.strange: 1193: Unknown system variable 'simple_parser_simple_sysvar_one'", error, StringComparison.Ordinal);
            Assert.DoesNotContain("plain", error, StringComparison.Ordinal);
        }

        Assert.Equal("above,good,lost", await ListAsync(journey.SourceRoot, "TABLE_NAME", "VIEWS", "TABLE", db));
        Assert.Equal("good", await ListAsync(journey.DestinationRoot, "TABLE_NAME", "VIEWS", "TABLE", db));
        Assert.Equal("last,plain", await ListAsync(journey.DestinationRoot, "TRIGGER_NAME", "TRIGGERS", "TRIGGER", db));
        Assert.Contains(File.ReadAllText(Directory.GetFiles(journey.Home, "events.jsonl", SearchOption.AllDirectories).Single()).Split('\n'), l => l.Contains("lost cannot be used on the source either", StringComparison.Ordinal) && l.Contains("references invalid table(s)", StringComparison.Ordinal));

        await journey.Source.RunSqlAsync($"USE `{db}`; DROP TRIGGER strange; DROP VIEW above; DROP VIEW lost", CancellationToken.None);
        (code, output, error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.True(code == 0, output + error);
        Assert.Equal(await ObjectDump.ReadAsync(journey.Source, db, definers: false), await ObjectDump.ReadAsync(journey.Destination, db, definers: false));
        Assert.Equal("1:77", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(id, ':', n) FROM `{db}`.t"));
    }

    private static async Task<string?> ListAsync(MySql.Session.MySqlSessionOptions server, string column, string table, string prefix, string database) =>
        await Journey.ScalarAsync(server, $"SELECT GROUP_CONCAT({column} ORDER BY 1) FROM information_schema.{table} WHERE {prefix}_SCHEMA='{database}'");

    private static async Task InstallAsync(MySqlServer server, string plugin, string library)
    {
        if ((await server.RunSqlAsync($"SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_NAME='{plugin}'", CancellationToken.None)).Length == 0)
        {
            await server.RunSqlAsync($"INSTALL PLUGIN {plugin} SONAME '{library}'", CancellationToken.None);
        }
    }
}
