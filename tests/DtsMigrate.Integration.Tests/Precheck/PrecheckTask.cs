using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Precheck;

/// <summary>Builds a task and runs its precheck.</summary>
internal sealed record PrecheckTask
{
    public required ConnectionDefinition Source { get; init; }

    public required ConnectionDefinition Destination { get; init; }

    public required IReadOnlyList<DatabaseSelection> Objects { get; init; }

    public MigrationTypes Types { get; init; } = MigrationTypes.Schema | MigrationTypes.Full | MigrationTypes.Incremental;

    public ConflictMode Mode { get; init; }

    public bool IsResume { get; init; }

    public TaskOptions Options { get; init; } = new();

    public IReadOnlyList<string> Accounts { get; init; } = [];

    public string SourcePassword { get; init; } = string.Empty;

    public string DestinationPassword { get; init; } = string.Empty;

    public static ConnectionDefinition Connection(MySqlServer server, string user = "root") => new() { Host = server.Host, Port = server.Port, User = user };

    public static PrecheckTask Between(MySqlServer source, MySqlServer destination, string database) => new()
    {
        Source = Connection(source),
        Destination = Connection(destination),
        Objects = [new DatabaseSelection(database, database, true, [])],
    };

    public async Task<PrecheckReport> RunAsync()
    {
        var task = new MigrationTask { Name = "check", Source = Source, Destination = Destination, Objects = Objects, MigrationTypes = Types, ConflictMode = Mode, Options = Options, Accounts = Accounts };
        var source = new ServerConnector("source", Source, Secret.From(SourcePassword), task.Options, TimeProvider.System);
        var destination = new ServerConnector("destination", Destination, Secret.From(DestinationPassword), task.Options, TimeProvider.System);
        var results = new List<PrecheckResult>();
        await foreach (var result in PrecheckRunner.RunAsync(task, source, destination, IsResume, CancellationToken.None))
        {
            results.Add(result);
        }

        return new PrecheckReport(results);
    }
}
