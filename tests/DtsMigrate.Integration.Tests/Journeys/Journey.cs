using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>A task between the shared servers, with accounts of its own, a home folder of its own and a database that nobody else uses.</summary>
internal sealed class Journey : IDisposable
{
    public const string PasswordText = "s3cret-Jürney\\'pw";

    private Journey(MySqlServer source, MySqlServer destination, string database)
    {
        Source = source;
        Destination = destination;
        Database = database;
        Home = Directory.CreateTempSubdirectory("dtsm-journey-").FullName;
        TaskFile = Path.Combine(Home, "definition.json");
    }

    public MySqlServer Source { get; }

    public MySqlServer Destination { get; }

    public string Database { get; }

    public string Home { get; }

    public string TaskFile { get; }

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["JOURNEY_PW"] = PasswordText };

    public MySqlSessionOptions SourceRoot => Root(Source);

    public MySqlSessionOptions DestinationRoot => Root(Destination);

    public static async Task<Journey> CreateAsync(string prefix)
    {
        (MySqlServer source, MySqlServer destination) = await SharedServers.PairAsync(CancellationToken.None);
        return await CreateAsync(source, destination, prefix);
    }

    /// <summary>Between servers of the test's own.</summary>
    public static async Task<Journey> CreateAsync(MySqlServer source, MySqlServer destination, string prefix)
    {
        var journey = new Journey(source, destination, SharedServers.NewDatabaseName(prefix));
        foreach (MySqlSessionOptions server in new[] { journey.SourceRoot, journey.DestinationRoot })
        {
            await using MySqlSession session = await MySqlSession.ConnectAsync(server, TimeProvider.System, CancellationToken.None);
            await session.ExecuteAsync($"CREATE USER IF NOT EXISTS journey IDENTIFIED BY '{PasswordText.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'", CancellationToken.None);
            await session.ExecuteAsync("GRANT ALL ON *.* TO journey", CancellationToken.None);
        }

        return journey;
    }

    /// <summary>The definition; <see cref="WriteTaskAsync"/> puts it where the worker finds it.</summary>
    public MigrationTask Task() => new()
    {
        Name = Database,
        Source = Side(Source),
        Destination = Side(Destination),
        Objects = [new DatabaseSelection(Database, Database, All: true, [])],
        Options = new TaskOptions { ChunkBytes = 1 << 20, CopyThreads = 2 },
    };

    public Task WriteTaskAsync(MigrationTask task) => File.WriteAllTextAsync(TaskFile, TaskDefinitionWriter.ToJson(task));

    public Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        WorkerProcess.RunAsync(Home, Environment, TimeSpan.FromMinutes(5), arguments);

    public static async Task ExecuteAsync(MySqlSessionOptions server, params string[] statements)
    {
        await using MySqlSession session = await MySqlSession.ConnectAsync(server, TimeProvider.System, CancellationToken.None);
        foreach (string statement in statements)
        {
            await session.ExecuteAsync(statement, CancellationToken.None);
        }
    }

    public static async Task<string?> ScalarAsync(MySqlSessionOptions server, string query)
    {
        await using MySqlSession session = await MySqlSession.ConnectAsync(server, TimeProvider.System, CancellationToken.None);
        return (await session.QueryRowsAsync(query, CancellationToken.None))[0].GetStringOrNull(0);
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);

    private static ConnectionDefinition Side(MySqlServer server) =>
        new() { Host = server.Host, Port = server.Port, User = "journey", Password = new PasswordReference { Env = "JOURNEY_PW" } };

    private static MySqlSessionOptions Root(MySqlServer server) => new() { Host = server.Host, Port = server.Port, User = server.User, Password = Secret.From(server.Password) };
}
