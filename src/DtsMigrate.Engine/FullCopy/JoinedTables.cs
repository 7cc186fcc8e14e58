using System.Collections.Concurrent;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// The tables of a task that another worker runs, as their chunks are claimed. That worker may begin a table again at any time between two chunks, so that its row is
/// read with each claim: while a chunk is locked, its table's attempt stands.
/// </summary>
internal sealed class JoinedTables : ICopyTables, IDisposable
{
    private readonly RunContext _context;
    private readonly ConcurrentDictionary<int, (TableWork Work, string DefinitionHash)> _known = new();
    private readonly SemaphoreSlim _preparing = new(1, 1);

    /// <summary>Creates the set.</summary>
    public JoinedTables(RunContext context) => _context = context;

    /// <inheritdoc/>
    /// <exception cref="DtsMigrateException">
    /// Code <c>TableDefinitionChanged</c>: the source's definition is not the one that the copy goes by; its worker will notice. Code <c>SnapshotNotShared</c>. Those of
    /// <see cref="TablePreparation"/>.
    /// </exception>
    public async Task<TableWork> GetAsync(int number, CopySessions sessions, CancellationToken cancellationToken)
    {
        var claim = await sessions.DestinationAsync(cancellationToken).ConfigureAwait(false);
        var (record, hasSnapshot) = await _context.Store.ReadTableAsync(claim, number, cancellationToken).ConfigureAwait(false);
        if (hasSnapshot)
        {
            throw SnapshotNotShared(_context.Task.Name);
        }

        if (Find(record) is { } known)
        {
            return known;
        }

        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Find(record) ?? await PrepareAsync(record, sessions, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Forgets what is known of a table: it is read anew with the next of its chunks.</summary>
    public void Forget(TableWork table) => _known.TryRemove(table.Route.Number, out _);

    /// <inheritdoc/>
    public void Dispose() => _preparing.Dispose();

    /// <summary>The refusal to join a task whose snapshot cannot be joined.</summary>
    public static DtsMigrateException SnapshotNotShared(string task) =>
        new("SnapshotNotShared", $"Task {task} copies one consistent moment of the source: its snapshot belongs to the sessions of one process, and no other can read from it.")
        {
            Target = task,
            RecommendedAction = "Let its own worker finish it, or define the task with incremental data migration: then the tables need no common snapshot.",
        };

    private TableWork? Find(TableCopyRecord record) =>
        _known.TryGetValue(record.Number, out var known) && known.Work.Attempt == record.Attempt && known.DefinitionHash == record.DefinitionHash ? known.Work : null;

    private async Task<TableWork> PrepareAsync(TableCopyRecord record, CopySessions sessions, CancellationToken cancellationToken)
    {
        var catalog = await sessions.CatalogAsync(cancellationToken).ConfigureAwait(false);
        var definition = await SchemaReader.ReadTableAsync(catalog, record.Source, cancellationToken).ConfigureAwait(false)
            ?? throw CopyFailure.Dropped(record.Source);
        var route = new TableRoute(record.Number, definition, record.Destination);
        var progress = _context.Metrics.Tables.GetOrAdd(record.Number, _ => new TableProgress(route.Source, route.Destination, definition.EstimatedRows));
        var work = new TableWork(route, record, progress);
        await TablePreparation.PrepareAsync(_context, work, new DestinationShapes([route]), sessions, cancellationToken).ConfigureAwait(false);
        _known[record.Number] = (work, record.DefinitionHash);
        return work;
    }
}
