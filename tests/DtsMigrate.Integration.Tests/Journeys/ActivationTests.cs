using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Schema;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Triggers and events over a whole migration: silent while it writes, as on the source in the end.</summary>
public sealed class ActivationTests
{
    private const string Triggered =
        """
        CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TABLE log (id int AUTO_INCREMENT PRIMARY KEY, what varchar(20));
        CREATE TRIGGER t_ins AFTER INSERT ON t FOR EACH ROW INSERT INTO log (what) VALUES (concat('ins ', NEW.id));
        CREATE TRIGGER t_upd BEFORE UPDATE ON t FOR EACH ROW SET NEW.n = NEW.n + 1;
        CREATE EVENT far ON SCHEDULE AT '2040-01-01 00:00:00' DO DELETE FROM t;
        INSERT INTO t VALUES (1, 1), (2, 2);
        """;

    [Theory]
    [InlineData(TriggerMethod.Automatic)]
    [InlineData(TriggerMethod.Manual)]
    public async Task Triggers_fire_once_for_each_change_and_for_applications_after_the_end(TriggerMethod method)
    {
        using Journey journey = await Journey.CreateAsync("activate");
        await TrustAsync(journey);
        await journey.Source.RunSqlAsync($"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; {Triggered}", CancellationToken.None);
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Options = task.Options with { TriggerMethod = method } });
        Assert.Equal(0, (await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp")).Code);

        // Triggers that say where they stand among the others come while the task runs.
        await journey.Source.RunSqlAsync(
            $"USE `{journey.Database}`; CREATE TRIGGER t_b BEFORE UPDATE ON t FOR EACH ROW PRECEDES t_upd SET NEW.n = NEW.n * 10; CREATE TRIGGER t_z BEFORE UPDATE ON t FOR EACH ROW SET NEW.n = NEW.n - 7;"
            + "CREATE TRIGGER t_a BEFORE UPDATE ON t FOR EACH ROW FOLLOWS t_b SET NEW.n = NEW.n - 3; DROP TRIGGER t_z; CREATE TRIGGER t_c BEFORE UPDATE ON t FOR EACH ROW PRECEDES t_b SET NEW.n = NEW.n + 2;",
            CancellationToken.None);
        await journey.Source.RunSqlAsync($"USE `{journey.Database}`; INSERT INTO t VALUES (3, 3); UPDATE t SET n = n * 10; DELETE FROM t WHERE id = 1", CancellationToken.None);
        Assert.Equal(0, (await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp")).Code);
        string rows = await RowsAsync(journey.SourceRoot, journey.Database);
        Assert.Equal(rows, await RowsAsync(journey.DestinationRoot, journey.Database));
        if (method == TriggerMethod.Automatic)
        {
            // For everybody else the trigger is there from the beginning.
            await journey.Destination.RunSqlAsync($"USE `{journey.Database}`; INSERT INTO t VALUES (100, 1); SELECT * FROM log", CancellationToken.None);
            Assert.Equal("ins 100", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT what FROM `{journey.Database}`.log ORDER BY id DESC LIMIT 1"));
        }

        var (code, output, error) = await journey.RunAsync("activate", journey.TaskFile);

        Assert.True(code == 0, error);
        Assert.Contains("active on the destination", output, StringComparison.Ordinal);
        Assert.Equal(await ObjectDump.ReadAsync(journey.Source, journey.Database, definers: false), await ObjectDump.ReadAsync(journey.Destination, journey.Database, definers: false));
        Assert.Equal(0, (await journey.RunAsync("activate", journey.TaskFile)).Code);
        (code, _, error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.Equal(4, code);
        Assert.Contains("have been activated on the destination", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_without_incremental_data_migration_activates_by_itself_and_one_that_has_not_copied_refuses()
    {
        using Journey journey = await Journey.CreateAsync("activate_full");
        await TrustAsync(journey);
        await journey.Source.RunSqlAsync($"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; {Triggered}", CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task() with { MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full });
        var (code, _, error) = await journey.RunAsync("activate", journey.TaskFile);
        Assert.Equal(4, code);
        Assert.Contains("does not have all rows", error, StringComparison.Ordinal);

        (code, _, error) = await journey.RunAsync("run", journey.TaskFile);

        Assert.True(code == 0, error);
        Assert.Equal(await ObjectDump.ReadAsync(journey.Source, journey.Database, definers: false), await ObjectDump.ReadAsync(journey.Destination, journey.Database, definers: false));
        Assert.Equal(await RowsAsync(journey.SourceRoot, journey.Database), await RowsAsync(journey.DestinationRoot, journey.Database));
        Assert.Equal(0, (await journey.RunAsync("run", journey.TaskFile)).Code);
    }

    [Fact]
    public async Task Kills_in_the_middle_of_schema_migration_leave_every_object_once_and_whole()
    {
        const int Each = 60;
        using Journey journey = await Journey.CreateAsync("kill_schema");
        await TrustAsync(journey);
        var sql = new List<string> { $"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; CREATE TABLE t (id int PRIMARY KEY, n int)" };
        for (int i = 0; i < Each; i++)
        {
            sql.Add($"CREATE VIEW v{Each - i:000} AS SELECT * FROM {(i == 0 ? "t" : $"v{Each - i + 1:000}")}");
            sql.Add($"CREATE PROCEDURE p{i}() SELECT {i} FROM t");
            sql.Add($"CREATE TRIGGER tr{i} BEFORE INSERT ON t FOR EACH ROW SET NEW.n = {i}");
            sql.Add($"CREATE EVENT e{i} ON SCHEDULE AT '2040-01-01 00:00:00' DO DELETE FROM t WHERE id = {i}");
        }

        await journey.Source.RunSqlAsync(string.Join(";\n", sql), CancellationToken.None);
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full, Options = task.Options with { TriggerMethod = TriggerMethod.Automatic } });
        var random = new Random(5);
        int kills = 0;
        for (; kills < 12; kills++)
        {
            using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
            await WaitForObjectsAsync(journey, worker, random.Next(15 * (kills + 1)));
            if (worker.HasExited)
            {
                break;
            }

            await worker.KillAsync();
        }

        Assert.True(kills > 3, $"Only {kills} kills came in time.");
        var (code, _, error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.True(code == 0, error);
        Assert.Equal(await ObjectDump.ReadAsync(journey.Source, journey.Database, definers: false), await ObjectDump.ReadAsync(journey.Destination, journey.Database, definers: false));
    }

    // Kills by progress and not by the clock: so many objects are there.
    private static async Task WaitForObjectsAsync(Journey journey, WorkerProcess worker, int count)
    {
        string sql = $"SELECT (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA='{journey.Database}') + (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='{journey.Database}')"
            + $" + (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA='{journey.Database}')";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!worker.HasExited && int.Parse((await Journey.ScalarAsync(journey.DestinationRoot, sql))!, System.Globalization.CultureInfo.InvariantCulture) < count)
        {
            await Task.Delay(5, limit.Token);
        }

        await Task.Delay(10, limit.Token);
    }

    private static async Task<string> RowsAsync(DtsMigrate.MySql.Session.MySqlSessionOptions server, string database) =>
        await Journey.ScalarAsync(server, $"SELECT (SELECT GROUP_CONCAT(id, ':', n ORDER BY id) FROM `{database}`.t)") + " / "
        + await Journey.ScalarAsync(server, $"SELECT (SELECT GROUP_CONCAT(id, ':', what ORDER BY id) FROM `{database}`.log)");

    private static async Task TrustAsync(Journey journey)
    {
        await journey.Source.RunSqlAsync("SET GLOBAL log_bin_trust_function_creators=ON", CancellationToken.None);
        await journey.Destination.RunSqlAsync("SET GLOBAL log_bin_trust_function_creators=ON", CancellationToken.None);
    }
}
