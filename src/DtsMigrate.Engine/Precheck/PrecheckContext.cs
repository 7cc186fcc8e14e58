using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Precheck;

/// <summary>What the checks of one run share. The first checks fill it; the later ones read it.</summary>
internal sealed class PrecheckContext : IAsyncDisposable
{
    /// <summary>Creates the context.</summary>
    public PrecheckContext(MigrationTask task, ServerConnector source, ServerConnector destination, bool isResume)
    {
        Task = task;
        Source = new PrecheckServer(source);
        Destination = new PrecheckServer(destination);
        IsResume = isResume;
        Objects = new PrecheckObjects(this);
    }

    /// <summary>The task.</summary>
    public MigrationTask Task { get; }

    /// <summary>The source.</summary>
    public PrecheckServer Source { get; }

    /// <summary>The destination.</summary>
    public PrecheckServer Destination { get; }

    /// <summary>The task has progress on the destination.</summary>
    public bool IsResume { get; }

    /// <summary>Views, routines, triggers and events of the task.</summary>
    public PrecheckObjects Objects { get; }

    /// <summary>The selected tables on their way; null until they are read.</summary>
    public IReadOnlyList<TableRoute>? Routes { get; set; }

    /// <summary>Foreign keys of the selected tables.</summary>
    public IReadOnlyList<PrecheckForeignKey> ForeignKeys { get; set; } = [];

    /// <summary>Tables that exist on the destination under the name of a selected one, by that name.</summary>
    public IReadOnlyDictionary<QualifiedName, TableDefinition> Existing { get; set; } = new Dictionary<QualifiedName, TableDefinition>();

    /// <summary>The selection, compared as the source compares names and with the names that the destination stores.</summary>
    public ObjectSelection Selection => new(Task, NameCase.Of(Task.Options.Capitalization, Source.Facts, Destination.Facts));

    /// <summary>The task creates tables.</summary>
    public bool HasSchema => Task.MigrationTypes.HasFlag(MigrationTypes.Schema);

    /// <summary>The task carries changes on.</summary>
    public bool HasIncremental => Task.MigrationTypes.HasFlag(MigrationTypes.Incremental);

    /// <summary>The task writes rows.</summary>
    public bool HasRows => (Task.MigrationTypes & (MigrationTypes.Full | MigrationTypes.Incremental)) != MigrationTypes.None;

    /// <summary>The task copies rows.</summary>
    public bool HasFull => Task.MigrationTypes.HasFlag(MigrationTypes.Full);

    /// <summary>The selected tables with their foreign keys: the definitions here have no text to read them from.</summary>
    public IReadOnlyList<CascadeTable> CascadeTables()
    {
        var keys = ForeignKeys.ToLookup(k => k.Child, k => k.Key);
        return [.. (Routes ?? []).Select(r => new CascadeTable(r.Number, r.Definition, [.. keys[r.Source]]))];
    }

    /// <summary>What is there of the things that checks need.</summary>
    public PrecheckNeeds Have =>
        (Source.IsOpen ? PrecheckNeeds.Source : 0) | (Destination.IsOpen ? PrecheckNeeds.Destination : 0) | (Routes is null ? 0 : PrecheckNeeds.Tables);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync().ConfigureAwait(false);
        await Destination.DisposeAsync().ConfigureAwait(false);
    }
}
