using DtsMigrate.Engine;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Accounts;
using DtsMigrate.Engine.Schema.Script;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Schema;

/// <summary>Runs the schema part of a task between two servers.</summary>
internal sealed record SchemaJourney
{
    private readonly MigrationTask _definition;

    public SchemaJourney(MySqlServer source, MySqlServer destination, params DatabaseSelection[] objects)
        : this(source, destination, ConflictMode.PrecheckAndReportErrors, objects)
    {
    }

    public SchemaJourney(MySqlServer source, MySqlServer destination, ConflictMode mode, params DatabaseSelection[] objects)
        : this(source, destination, new TaskOptions(), mode, objects)
    {
    }

    public SchemaJourney(MySqlServer source, MySqlServer destination, TaskOptions options, ConflictMode mode, params DatabaseSelection[] objects)
    {
        _definition = new MigrationTask
        {
            Name = SharedServers.NewDatabaseName("schema"),
            Source = Connection(source),
            Destination = Connection(destination),
            Objects = objects,
            ConflictMode = mode,
            Options = options,
        };
    }

    public MemoryLog Log { get; } = new();

    public IReadOnlyList<string> Accounts { get; init; } = [];

    public string? DestinationUser { get; init; }

    private MigrationTask Definition => _definition with { Accounts = Accounts, Destination = _definition.Destination with { User = DestinationUser ?? _definition.Destination.User } };

    private ServerConnector Source => new("source", Definition.Source, Secret.Empty, Definition.Options, TimeProvider.System);

    private ServerConnector Destination => new("destination", Definition.Destination, Secret.Empty, Definition.Options, TimeProvider.System);

    public async Task<IReadOnlyList<TableDefinition>> ReadAsync()
    {
        await using var session = await Source.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        var facts = await ServerConnector.ReadFactsAsync(session, CancellationToken.None);
        return await SchemaReader.ReadSelectedAsync(session, Definition, new ObjectSelection(Definition, facts.LowerCaseTableNames != 0), CancellationToken.None);
    }

    public async Task<TableDefinition?> ReadDestinationAsync(QualifiedName table)
    {
        await using var session = await Destination.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        return await SchemaReader.ReadTableAsync(session, table, CancellationToken.None);
    }

    public async Task CreateTablesAsync(IReadOnlyList<TableDefinition> tables)
    {
        await using var store = await OpenStoreAsync();
        await new SchemaMigrator(await ContextAsync(store)).CreateTablesAsync(Routes(tables), CancellationToken.None);
    }

    public async Task AddForeignKeysAsync(IReadOnlyList<TableDefinition> tables)
    {
        await using var store = await OpenStoreAsync();
        await new SchemaMigrator(await ContextAsync(store)).AddForeignKeysAsync(Routes(tables), CancellationToken.None);
    }

    public async Task CreateObjectsAsync()
    {
        await using var store = await OpenStoreAsync();
        await new StoredObjectMigrator(await ContextAsync(store)).CreateAsync(CancellationToken.None);
    }

    public async Task<byte[]> ScriptAsync()
    {
        using var script = new MemoryStream();
        await SchemaScript.WriteAsync(Definition, Source, Destination, script, CancellationToken.None);
        return script.ToArray();
    }

    public async Task<IReadOnlyList<AccountPlan>> PlanAccountsAsync()
    {
        await using var source = await Source.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        await using var destination = await Destination.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        return await AccountPlanner.PlanAsync(Definition, source, destination, new ObjectSelection(Definition, false), CancellationToken.None);
    }

    public async Task CreateAccountsAsync()
    {
        await using var store = await OpenStoreAsync();
        await new AccountMigrator(await ContextAsync(store)).CreateAsync(CancellationToken.None);
    }

    public async Task GrantAccountsAsync()
    {
        await using var store = await OpenStoreAsync();
        await new AccountMigrator(await ContextAsync(store)).GrantAsync(CancellationToken.None);
    }

    public async Task ActivateAsync()
    {
        await using var store = await OpenStoreAsync();
        await new StoredObjectMigrator(await ContextAsync(store)).ActivateAsync(CancellationToken.None);
    }

    private Task<CheckpointStore> OpenStoreAsync() =>
        CheckpointStore.OpenAsync(Destination, Definition.Name, "hash", $"test:{Environment.ProcessId}:{Guid.NewGuid():N}", CancellationToken.None);

    private IReadOnlyList<TableRoute> Routes(IReadOnlyList<TableDefinition> tables)
    {
        var selection = new ObjectSelection(Definition, false);
        return [.. tables.Select((t, i) => new TableRoute(i + 1, t, selection.Map(t.Name)))];
    }

    private async Task<RunContext> ContextAsync(CheckpointStore store)
    {
        await using var source = await Source.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        await using var destination = await Destination.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        return new RunContext
        {
            Task = Definition,
            Source = Source,
            Destination = Destination,
            SourceFacts = await ServerConnector.ReadFactsAsync(source, CancellationToken.None),
            DestinationFacts = await ServerConnector.ReadFactsAsync(destination, CancellationToken.None),
            Store = store,
            Retry = new RetryPolicy(Definition.Options, TimeProvider.System, static _ => { }),
            Metrics = new RunMetrics(),
            Log = Log,
            Time = TimeProvider.System,
        };
    }

    private static ConnectionDefinition Connection(MySqlServer server) => new() { Host = server.Host, Port = server.Port, User = server.User };
}
