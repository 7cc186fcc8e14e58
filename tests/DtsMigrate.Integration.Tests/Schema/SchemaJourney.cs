using DtsMigrate.Engine;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Schema;

/// <summary>Runs the schema part of a task between two servers.</summary>
internal sealed class SchemaJourney
{
    private readonly MigrationTask _task;
    private readonly ServerConnector _source;
    private readonly ServerConnector _destination;

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
        _task = new MigrationTask
        {
            Name = SharedServers.NewDatabaseName("schema"),
            Source = Connection(source),
            Destination = Connection(destination),
            Objects = objects,
            ConflictMode = mode,
            Options = options,
        };
        _source = new ServerConnector("source", _task.Source, Secret.Empty, _task.Options, TimeProvider.System);
        _destination = new ServerConnector("destination", _task.Destination, Secret.Empty, _task.Options, TimeProvider.System);
    }

    public MemoryLog Log { get; } = new();

    public async Task<IReadOnlyList<TableDefinition>> ReadAsync()
    {
        await using var session = await _source.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        var facts = await ServerConnector.ReadFactsAsync(session, CancellationToken.None);
        return await SchemaReader.ReadSelectedAsync(session, _task, new ObjectSelection(_task, facts.LowerCaseTableNames != 0), CancellationToken.None);
    }

    public async Task<TableDefinition?> ReadDestinationAsync(QualifiedName table)
    {
        await using var session = await _destination.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
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

    public async Task ActivateAsync()
    {
        await using var store = await OpenStoreAsync();
        await new StoredObjectMigrator(await ContextAsync(store)).ActivateAsync(CancellationToken.None);
    }

    private Task<CheckpointStore> OpenStoreAsync() =>
        CheckpointStore.OpenAsync(_destination, _task.Name, "hash", $"test:{Environment.ProcessId}:{Guid.NewGuid():N}", CancellationToken.None);

    private IReadOnlyList<TableRoute> Routes(IReadOnlyList<TableDefinition> tables)
    {
        var selection = new ObjectSelection(_task, false);
        return [.. tables.Select((t, i) => new TableRoute(i + 1, t, selection.Map(t.Name)))];
    }

    private async Task<RunContext> ContextAsync(CheckpointStore store)
    {
        await using var source = await _source.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        await using var destination = await _destination.OpenAsync(SessionPurpose.Metadata, CancellationToken.None);
        return new RunContext
        {
            Task = _task,
            Source = _source,
            Destination = _destination,
            SourceFacts = await ServerConnector.ReadFactsAsync(source, CancellationToken.None),
            DestinationFacts = await ServerConnector.ReadFactsAsync(destination, CancellationToken.None),
            Store = store,
            Retry = new RetryPolicy(_task.Options, TimeProvider.System, static _ => { }),
            Metrics = new RunMetrics(),
            Log = Log,
            Time = TimeProvider.System,
        };
    }

    private static ConnectionDefinition Connection(MySqlServer server) => new() { Host = server.Host, Port = server.Port, User = server.User };
}
