using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>kill -9 of a worker that copies small tables in groups, at the places where it would hurt: the destination holds it there by a lock.</summary>
public sealed class GroupKillTests
{
    private const int Tables = 20;
    private const string Hold = "dtsmigrate_test_hold";
    private const string Begins = "OLD.state='Pending' AND NEW.state='Copying'";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_group_of_small_tables_loses_and_doubles_nothing_wherever_its_worker_is_killed()
    {
        using var limit = new CancellationTokenSource(Limit + Limit);
        await using MySqlServer destination = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "groups" }, limit.Token);
        await using (await CheckpointStore.OpenAsync(Connector(destination), "other", "hash", "test:1:1", limit.Token))
        {
            // So that its tables are there.
        }

        // Tables begin, which is rolled back; and then: their rows are there, and the transaction that has brought them is open.
        using Journey rows = await BeginAsync(destination, limit.Token);
        await KillWhereAsync(rows, "table_copy", Begins, limit.Token);
        await KillWhereAsync(rows, "chunk", "OLD.done=0 AND NEW.done=1", limit.Token, RequireGroupAsync);

        // Rows are committed, and the tables not finished.
        using Journey finish = await BeginAsync(destination, limit.Token);
        await KillWhereAsync(finish, "table_copy", "OLD.state='Copying' AND NEW.state='Copied'", limit.Token);

        // Some tables of the group are loaded, and one cannot be.
        using Journey middle = await BeginAsync(destination, limit.Token);
        await using (MySqlSession holder = await MySqlSession.ConnectAsync(middle.DestinationRoot, TimeProvider.System, limit.Token))
        {
            await holder.ExecuteAsync($"LOCK TABLES {middle.Database}.t07 READ", limit.Token);
            await KillAtAsync(middle, "Waiting for table metadata lock", limit.Token);
        }

        foreach (Journey journey in (Journey[])[rows, finish, middle])
        {
            await journey.Source.RunSqlAsync($"UPDATE {journey.Database}.t00 SET u=u+1; DELETE FROM {journey.Database}.t07 WHERE id=1;", limit.Token);
            (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
            Assert.True(code == 0, error);
            Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, limit.Token));
            string live = await destination.RunSqlAsync($"SELECT COUNT(*) FROM dts_migrate.table_copy WHERE task='{journey.Database}' AND state='Live'", limit.Token);
            Assert.Equal(Tables, int.Parse(live, CultureInfo.InvariantCulture));
        }
    }

    private static async Task<Journey> BeginAsync(MySqlServer destination, CancellationToken cancellationToken)
    {
        Journey journey = await Journey.CreateAsync(await SharedServers.SourceAsync(cancellationToken), destination, "groups");
        string ddl = $"CREATE DATABASE {journey.Database}; USE {journey.Database};" + Each("CREATE TABLE {0} (id INT PRIMARY KEY, u INT, v VARCHAR(50), KEY (u));");
        await journey.Destination.RunSqlAsync(ddl, cancellationToken);
        await journey.Source.RunSqlAsync(ddl + Each("INSERT INTO {0} VALUES (1,1,'a'),(2,NULL,'b'),(3,3,NULL);"), cancellationToken);
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { MigrationTypes = MigrationTypes.Full | MigrationTypes.Incremental, Options = task.Options with { CopyThreads = 1 } });
        return journey;
    }

    // The destination holds the worker inside a statement on one of the checkpoint's tables.
    private static async Task KillWhereAsync(Journey journey, string table, string condition, CancellationToken cancellationToken, Func<Journey, Task>? look = null)
    {
        await journey.Destination.RunSqlAsync(
            $"DELIMITER //\nCREATE TRIGGER dts_migrate.held BEFORE UPDATE ON dts_migrate.{table} FOR EACH ROW IF {condition} THEN DO GET_LOCK('{Hold}', 600); END IF//",
            cancellationToken);
        await using (MySqlSession holder = await MySqlSession.ConnectAsync(journey.DestinationRoot, TimeProvider.System, cancellationToken))
        {
            await holder.ExecuteAsync($"DO GET_LOCK('{Hold}', 0)", cancellationToken);
            await KillAtAsync(journey, "User lock", cancellationToken, look);
        }

        // What the dead worker was doing goes on for as long as the server has not noticed.
        await journey.Destination.RunSqlAsync("DROP TRIGGER dts_migrate.held", cancellationToken);
    }

    // Rows of several tables are there, and none is committed.
    private static async Task RequireGroupAsync(Journey journey)
    {
        string rows = "SELECT " + Each($"(SELECT COUNT(*) FROM {journey.Database}.{{0}})+") + "0";
        Assert.Equal("0", await Journey.ScalarAsync(journey.DestinationRoot, rows));
        string seen = await journey.Destination.RunSqlAsync($"SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; {rows}", CancellationToken.None);
        Assert.InRange(int.Parse(seen, CultureInfo.InvariantCulture), 6, Tables * 3);
    }

    private static async Task KillAtAsync(Journey journey, string state, CancellationToken cancellationToken, Func<Journey, Task>? look = null)
    {
        using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
        string sessions = $"SELECT COUNT(*) FROM performance_schema.processlist WHERE USER='journey' AND STATE='{state}'";
        await WaitFor.ConditionAsync(async _ => worker.HasExited || await Journey.ScalarAsync(journey.DestinationRoot, sessions) != "0", Limit, "the place", cancellationToken);
        Assert.False(worker.HasExited, worker.ErrorSoFar);
        await (look?.Invoke(journey) ?? Task.CompletedTask);
        await worker.KillAsync();
    }

    private static string Each(string sql) =>
        string.Concat(Enumerable.Range(0, Tables).Select(i => sql.Replace("{0}", string.Create(CultureInfo.InvariantCulture, $"t{i:00}"), StringComparison.Ordinal)));

    private static ServerConnector Connector(MySqlServer server) => new(
        "destination", new ConnectionDefinition { Host = server.Host, Port = server.Port, User = server.User }, Secret.Empty, new TaskOptions(), TimeProvider.System);
}
