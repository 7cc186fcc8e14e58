using System.Text;
using System.Text.RegularExpressions;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>A whole task in this process: schema, copy and stream, run until it has caught up as often as a test asks.</summary>
internal sealed partial class DdlBench : IDisposable
{
    private readonly Journey _journey;
    private readonly TaskFolder _folder;

    private DdlBench(Journey journey, Func<MigrationTask, MigrationTask> adjust)
    {
        _journey = journey;
        System.Environment.SetEnvironmentVariable("JOURNEY_PW", Journey.PasswordText);
        Task = adjust(journey.Task());
        _folder = new TaskHome(Path.Combine(journey.Home, "home")).Save(Task);
    }

    public string Database => _journey.Database;

    public MigrationTask Task { get; private set; }

    public MySqlSessionOptions Source => _journey.SourceRoot;

    public MySqlSessionOptions Destination => _journey.DestinationRoot;

    /// <summary>Counts what a RENAME TABLE of this task has left in the checkpoint's schema to be settled by.</summary>
    public string MarkersSql =>
        "SELECT COUNT(*) FROM information_schema.TABLES t JOIN dts_migrate.ddl d ON t.TABLE_NAME LIKE CONCAT('rename\\_', d.id, '\\_%')"
        + $" WHERE t.TABLE_SCHEMA='dts_migrate' AND d.task='{Task.Name}'";

    public static async Task<DdlBench> CreateAsync(string tables, Func<MigrationTask, MigrationTask>? adjust = null, MySqlServer? source = null)
    {
        var journey = source is null ? await Journey.CreateAsync("ddl") : await Journey.CreateAsync(source, await SharedServers.DestinationAsync(CancellationToken.None), "ddl");
        var bench = new DdlBench(journey, adjust ?? (t => t));
        await OnAsync(bench.Source, $"CREATE DATABASE {bench.Database}; USE {bench.Database}; {tables}");
        return bench;
    }

    /// <summary>Runs statements on the source, one after the other, in the bench's database.</summary>
    public Task SourceAsync(string sql) => OnAsync(Source, $"USE {Database}; {sql}");

    public static async Task OnAsync(MySqlSessionOptions server, string sql)
    {
        await using var session = await MySqlSession.ConnectAsync(server, TimeProvider.System, CancellationToken.None);
        await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes(sql), CancellationToken.None);
    }

    /// <summary>Changes the definition for the runs that follow.</summary>
    public void Change(Func<MigrationTask, MigrationTask> change)
    {
        Task = change(Task);
        _folder.WriteTask(Task);
    }

    /// <summary>Runs or resumes the task until it has applied everything that the source has executed.</summary>
    public async Task RunAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await new MigrationRun(Task, _folder, new SecretResolver(), TimeProvider.System).RunAsync(RunUntil.CaughtUp, limit.Token);
        Assert.False(limit.IsCancellationRequested);
    }

    /// <summary>Runs beside the test until cancelled.</summary>
    public Task FollowAsync(CancellationToken stop) =>
        System.Threading.Tasks.Task.Run(() => new MigrationRun(Task, _folder, new SecretResolver(), TimeProvider.System).RunAsync(RunUntil.Completed, stop), CancellationToken.None);

    public Task<string?> DestinationAsync(string query) => Journey.ScalarAsync(Destination, query);

    public Task<IReadOnlyList<DdlRecord>> LogAsync() => DdlLog.ReadAsync(Task, new SecretResolver(), TimeProvider.System, CancellationToken.None);

    /// <summary>Runs a command of the worker with the definition as its first argument.</summary>
    public async Task<(int Code, string Output, string Error)> CommandAsync(string command, params string[] arguments)
    {
        await _journey.WriteTaskAsync(Task);
        return await _journey.RunAsync([command, _journey.TaskFile, .. arguments]);
    }

    /// <summary>The task's last status.</summary>
    public MigrationStatus Status() => TaskStatusReader.Read(_folder);

    /// <summary>Fails unless both databases have the same tables with the same definitions and rows.</summary>
    public async Task AssertSameAsync(string? destinationDatabase = null, string? sourceDatabase = null)
    {
        string source = sourceDatabase ?? Database;
        string destination = destinationDatabase ?? source;
        Assert.Empty(await DatabaseComparer.CompareAsync(Source, source, Destination, destination, CancellationToken.None));
        Assert.Equal(await DefinitionsAsync(Source, source), await DefinitionsAsync(Destination, destination));
    }

    private static async Task<string> DefinitionsAsync(MySqlSessionOptions server, string database)
    {
        await using var session = await MySqlSession.ConnectAsync(server, TimeProvider.System, CancellationToken.None);
        var text = new StringBuilder();
        var tables = await session.QueryRowsAsync($"SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA={SqlText.Literal(database)} AND TABLE_TYPE='BASE TABLE' ORDER BY BINARY TABLE_NAME", CancellationToken.None);
        foreach (var table in tables)
        {
            var create = await session.QueryRowsAsync($"SHOW CREATE TABLE {SqlText.Name(database, table.GetString(0))}", CancellationToken.None);
            text.AppendLine(Cosmetic().Replace(create[0].GetString(1), string.Empty));
        }

        return text.ToString();
    }

    public void Dispose() => _journey.Dispose();

    // Next value of AUTO_INCREMENT; and how the default collation is printed depends on how a table was made.
    [GeneratedRegex(@" AUTO_INCREMENT=[0-9]+| CHARACTER SET \w+(?= COLLATE)| COLLATE[ =]utf8mb4_0900_ai_ci")]
    private static partial Regex Cosmetic();
}
