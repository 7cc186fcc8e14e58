using System.Runtime.ExceptionServices;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.FullCopy.Snapshot;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Full data migration: copies the rows of every table that is not copied yet, chunk by chunk, in parallel.</summary>
public sealed class FullCopier
{
    /// <summary>A source that takes snapshots away as often as this will do it for ever: the copy would never end.</summary>
    private const int MostSnapshots = 5;

    private readonly RunContext _context;
    private readonly SourcePositionReader _positions;
    private readonly Action<TableRoute> _onTableCopied;
    private readonly CopyTuning _tuning;

    /// <summary>Creates the copier.</summary>
    /// <param name="context">The run.</param>
    /// <param name="positions">Reads watermarks.</param>
    /// <param name="onTableCopied">Told when a table has become Copied (or Live in a task without incremental migration).</param>
    public FullCopier(RunContext context, SourcePositionReader positions, Action<TableRoute> onTableCopied)
        : this(context, positions, onTableCopied, CopyTuning.Of(context))
    {
    }

    /// <summary>Creates the copier with other sizes: for tests.</summary>
    internal FullCopier(RunContext context, SourcePositionReader positions, Action<TableRoute> onTableCopied, CopyTuning tuning)
    {
        _context = context;
        _positions = positions;
        _onTableCopied = onTableCopied;
        _tuning = tuning;
    }

    /// <summary>
    /// Copies until all tables are done. Resumes what an earlier run has begun. In a task without incremental migration all rows are read as of one point in time; what was copied from an earlier
    /// one begins again if the source has changed since.
    /// </summary>
    /// <exception cref="DtsMigrateException">
    /// Codes <c>TableDefinitionChanged</c>, <c>DestinationTableMissing</c>, <c>DestinationTableDiffers</c>, <c>DestinationNotEmpty</c>, <c>RowRejected</c>, <c>RowTooLarge</c>,
    /// <c>CopyFailed</c>, <c>JsonTypesNotCarried</c>, <c>JsonValueNotRepresentable</c>, <c>LeaseLost</c>, <c>SnapshotUnavailable</c>, <c>SnapshotLost</c>; and what outlasted the retry windows.
    /// </exception>
    public async Task RunAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        var tables = await ReadWorkAsync(routes, cancellationToken).ConfigureAwait(false);
        if (tables.Count == 0)
        {
            return;
        }

        if (_context.IsIncremental)
        {
            // The stream makes one point in time of reads at many.
            await CopyAsync(tables, null, cancellationToken).ConfigureAwait(false);
            return;
        }

        await CopyFromSnapshotAsync(routes, cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyFromSnapshotAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        for (int lost = 1; ; lost++)
        {
            SourceSnapshot? opened = null;
            var opener = new SnapshotOpener(_context, _positions, routes);
            await _context.Retry.RunAsync(
                "open a snapshot of the source", async (_, token) => opened = await opener.OpenAsync(_context.Task.Options.CopyThreads, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            var snapshot = opened!;
            await using var scope = snapshot.ConfigureAwait(false);
            await _context.Retry.RunAsync(
                "record the snapshot", (_, token) => SnapshotAdoption.AdoptAsync(_context, routes, snapshot, token), cancellationToken).ConfigureAwait(false);
            var tables = await ReadWorkAsync(routes, cancellationToken).ConfigureAwait(false);
            try
            {
                await CopyAsync(tables, snapshot, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (SnapshotLostException e) when (lost < MostSnapshots)
            {
                _context.Log.Write(LogLevel.Warning, "FullCopy", $"{e.Message} Another one is opened.");
            }
        }
    }

    private async Task CopyAsync(List<TableWork> tables, SourceSnapshot? snapshot, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int threads = _context.Task.Options.CopyThreads;
        using var run = new CopyRun(_context, _positions, _tuning, tables, snapshot, _onTableCopied);
        ExceptionDispatchInfo? failure = null;
        int planners = Math.Min(_tuning.Planners, tables.Count);
        var loops = Enumerable.Range(0, planners).Select(_ => GuardAsync(run.PlanAsync))
            .Concat(Enumerable.Range(0, threads).Select(_ => GuardAsync(run.WorkAsync)))
            .ToArray();
        await Task.WhenAll(loops).ConfigureAwait(false);
        failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();

        // The first failure stops all loops; what they end with then is only an echo of it.
        async Task GuardAsync(Func<CancellationToken, Task> loop)
        {
            try
            {
                await Task.Run(() => loop(stop.Token), CancellationToken.None).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Stopped by the caller or by the failure of another loop.
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    // Among all tables of the task: some may be copied already.
    private async Task<CascadeGraph> ReadCascadesAsync(IReadOnlyList<TableRoute> routes, IReadOnlyList<TableCopyRecord> records, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<int, TableDefinition> tracked = new Dictionary<int, TableDefinition>();
        await _context.Retry.RunAsync(
            "read the definitions", async (_, token) => tracked = await _context.Store.Definitions.ReadAllAsync(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var planned = routes.ToDictionary(r => r.Number);
        var all = records.Where(r => r.State != TableCopyState.Removed && (planned.ContainsKey(r.Number) || tracked.ContainsKey(r.Number)))
            .Select(r => CascadeTable.Of(planned.GetValueOrDefault(r.Number) ?? new TableRoute(r.Number, tracked[r.Number], r.Destination)));
        return new CascadeGraph(all, _context.SourceFacts.LowerCaseTableNames != 0 ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    }

    private async Task<List<TableWork>> ReadWorkAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableCopyRecord> records = [];
        IReadOnlyDictionary<int, (long Rows, long Bytes)> copied = new Dictionary<int, (long, long)>();
        await _context.Retry.RunAsync(
            "read the checkpoint",
            async (_, token) =>
            {
                records = await _context.Store.ReadTablesAsync(token).ConfigureAwait(false);
                copied = await _context.Store.Chunks.ReadCopiedAsync(token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        var byNumber = records.ToDictionary(r => r.Number);
        var cascades = _context.IsIncremental && !_context.SourceFacts.LogsCascades ? await ReadCascadesAsync(routes, records, cancellationToken).ConfigureAwait(false) : null;
        var tables = new List<TableWork>();
        foreach (var route in routes)
        {
            if (!byNumber.TryGetValue(route.Number, out var record) || record.Source != route.Source || record.Destination != route.Destination)
            {
                throw new DtsMigrateException("CheckpointInconsistent", $"Table {route.Source} is not number {route.Number} of the task in the checkpoint.") { Target = route.Source.ToString() };
            }

            var progress = _context.Metrics.Tables.GetOrAdd(
                route.Number,
                _ =>
                {
                    var created = new TableProgress(route.Source, route.Destination, route.Definition.EstimatedRows);
                    created.AddCopied(record.RowsCopied, record.BytesCopied);
                    return created;
                });
            progress.State = record.State;
            if (record.State is TableCopyState.Pending or TableCopyState.Copying)
            {
                var (rows, bytes) = copied.GetValueOrDefault(route.Number);
                progress.SetCopied(rows, bytes);
                tables.Add(new TableWork(route, record, progress)
                {
                    NeedsExactCopy = _context.Task.Options.CollationMap.MayJoinKeys(route.Definition) || (cascades?.NeedsExactCopy(route.Number) ?? false),
                    CopiedBefore = [.. cascades?.CopiedBefore(route.Number) ?? []],
                    LockedWith = [.. cascades?.Above(route.Number).Select(cascades.NameOf) ?? []],
                });
            }
        }

        // What was begun is finished first: its changes are held. Then the largest, so that the end is not one thread at one table.
        tables = [.. tables.OrderBy(t => t.State == TableCopyState.Copying ? 0 : 1).ThenByDescending(t => t.Route.Definition.EstimatedBytes)];
        for (int i = 0; i < tables.Count; i++)
        {
            tables[i].Priority = i;
        }

        return tables;
    }
}
