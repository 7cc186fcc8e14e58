using System.Threading.Channels;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.FullCopy.Snapshot;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// One run of the copier: planners begin tables and cut them, workers claim chunks, and whoever sees a table's last chunk done finishes it. A table whose definition has
/// changed goes back to the planners.
/// </summary>
internal sealed class CopyRun : IDisposable
{
    /// <summary>Chunks that are planned ahead, for each worker.</summary>
    private const int Ahead = 16;

    private readonly RunContext _context;
    private readonly SourceSnapshot? _snapshot;
    private readonly CopyTables _tables;
    private readonly Channel<PlanJob> _plans = Channel.CreateUnbounded<PlanJob>();
    private readonly Channel<TableWork> _scans = Channel.CreateUnbounded<TableWork>();
    private readonly ChunkBacklog _backlog;
    private readonly TableRestarter _restarter;
    private readonly TablePlanner _planner;
    private readonly GroupPlanner _groups;
    private readonly ChunkSplitter _splitter;
    private readonly ChunkCopier _chunks;
    private readonly ScanCopier _scan;
    private readonly TableFinish _finish;
    private readonly List<TableWork> _parked = [];
    private int _left;

    /// <summary>Creates the run.</summary>
    /// <param name="context">The run of the task.</param>
    /// <param name="positions">Reads watermarks.</param>
    /// <param name="tuning">Sizes.</param>
    /// <param name="tables">The tables to copy, in the order in which to begin.</param>
    /// <param name="snapshot">What all rows are read from; null to read them as they are.</param>
    /// <param name="onTableCopied">Told when a table is finished.</param>
    public CopyRun(
        RunContext context, SourcePositionReader positions, CopyTuning tuning, IReadOnlyList<TableWork> tables, SourceSnapshot? snapshot, Action<TableRoute> onTableCopied)
    {
        _context = context;
        _snapshot = snapshot;
        _left = tables.Count;
        _tables = new CopyTables(context, tables);
        _backlog = new ChunkBacklog(CountOpenAsync, context.Time, Ahead * context.Task.Options.CopyThreads);
        _restarter = new TableRestarter(context);
        _planner = new TablePlanner(context, positions, tuning, _tables, _restarter, _backlog, IsScan);
        _groups = new GroupPlanner(context, tuning, _planner, _tables, _backlog);
        _splitter = new ChunkSplitter(context, tuning, _backlog);
        _chunks = new ChunkCopier(context, tuning);
        _scan = new ScanCopier(context, positions, tuning, _chunks);
        _finish = new TableFinish(context, positions, snapshot?.Ids, onTableCopied);
        foreach (var table in tables)
        {
            _plans.Writer.TryWrite(new PlanJob(table, null));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _planner.Dispose();
        _restarter.Dispose();
        _tables.Dispose();
    }

    /// <summary>A planner: until all tables are finished.</summary>
    public async Task PlanAsync(CancellationToken cancellationToken)
    {
        var sessions = new CopySessions(_context);
        await using (sessions.ConfigureAwait(false))
        {
            await foreach (var (table, rest) in _plans.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                IReadOnlyList<TableWork> tables = rest is null ? _groups.Gather(table, _plans.Reader) : [table];
                if (tables.Count > 1)
                {
                    tables = await _groups.PlanAsync(tables, sessions, cancellationToken).ConfigureAwait(false);
                }

                foreach (var alone in tables)
                {
                    var begun = new Begun(alone, alone.Attempt);
                    await GuardAsync(() => begun, sessions, () => PlanAsync(alone, rest, sessions, cancellationToken), cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>A worker: until all tables are finished.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        var sessions = new CopySessions(_context, _snapshot);
        await using (sessions.ConfigureAwait(false))
        {
            while (Volatile.Read(ref _left) > 0)
            {
                var changed = _backlog.Changed;
                Begun? begun = null;
                bool found = false;
                await GuardAsync(
                    () => begun,
                    sessions,
                    async () => found = await WorkOnceAsync(t => begun = new Begun(t, t.Attempt), sessions, cancellationToken).ConfigureAwait(false),
                    cancellationToken).ConfigureAwait(false);
                if (!found && begun is null && !await _backlog.WaitAsync(changed, cancellationToken).ConfigureAwait(false))
                {
                    await FinishOthersAsync(sessions, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<long> CountOpenAsync(CancellationToken cancellationToken)
    {
        long open = 0;
        await _context.Retry.RunAsync("count the chunks to copy", async (_, token) => open = await _context.Store.Chunks.CountOpenAsync(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return open;
    }

    /// <summary>A table that is read in one go instead of by chunks.</summary>
    private bool IsScan(TableWork table) => _snapshot is null
        ? table.IsReadAtOnce
        : table.IsNewerThanSnapshot || !table.HasSnapshots || (table.IsReadAtOnce && table.Statements?.Key is null);

    private async Task PlanAsync(TableWork table, int? rest, CopySessions sessions, CancellationToken cancellationToken)
    {
        if (Parks(table))
        {
            return;
        }

        if (rest is { } number)
        {
            await _splitter.SplitAsync(table, number, sessions, cancellationToken).ConfigureAwait(false);
            return;
        }

        int attempt = table.Attempt;
        bool isOneChunk = await _planner.PlanAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        if (table.Attempt != attempt)
        {
            // Begun again meanwhile by a worker that met a change; a plan of its own is under way.
            return;
        }

        if (IsScan(table))
        {
            await _scans.Writer.WriteAsync(table, cancellationToken).ConfigureAwait(false);
            _backlog.Add(0);
        }
        else if (!isOneChunk)
        {
            // The last chunk of its plan may have been done before it was known as the last.
            await FinishIfCopiedAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        }
    }

    // A table that waits for others of this run comes back when one of them is done.
    private bool Parks(TableWork table)
    {
        lock (_parked)
        {
            bool waits = _tables.All.Any(t => t.State is (TableCopyState.Pending or TableCopyState.Copying) && table.CopiedBefore.Contains(t.Route.Number));
            if (waits)
            {
                _parked.Add(table);
            }

            return waits;
        }
    }

    /// <returns>False when there was nothing to do.</returns>
    private async Task<bool> WorkOnceAsync(Action<TableWork> onTable, CopySessions sessions, CancellationToken cancellationToken)
    {
        if (_scans.Reader.TryRead(out var whole))
        {
            onTable(whole);
            await _scan.CopyAsync(whole, sessions, cancellationToken).ConfigureAwait(false);
            await FinishIfCopiedAsync(whole, sessions, cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (await _chunks.CopyNextAsync(_tables, sessions, onTable, cancellationToken).ConfigureAwait(false) is not { } done)
        {
            return false;
        }

        if (done.Group is { } group)
        {
            await FinishAsync(group, sessions, cancellationToken).ConfigureAwait(false);
            return true;
        }

        _backlog.Remove();
        if (done.Rest is { } rest)
        {
            _backlog.Add(1);
            await _plans.Writer.WriteAsync(new PlanJob(done.Table, rest), cancellationToken).ConfigureAwait(false);
        }

        await FinishIfCopiedAsync(done.Table, sessions, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Tables that were copied together, all their rows.</summary>
    private async Task FinishAsync(IReadOnlyList<GroupPiece> group, CopySessions sessions, CancellationToken cancellationToken)
    {
        foreach (var _ in group)
        {
            _backlog.Remove();
        }

        List<GroupPiece> mine = [.. group.Where(g => g.Table.TryBeginFinish())];
        if (mine.Count == 0)
        {
            return;
        }

        var left = await _finish.FinishAsync(mine, sessions, cancellationToken).ConfigureAwait(false);
        foreach (var _ in mine.Except(left))
        {
            Leave();
        }

        foreach (var (table, attempt, chunk, _) in left)
        {
            await GuardAsync(
                () => new Begun(table, attempt),
                sessions,
                async () =>
                {
                    await _finish.FinishAsync(table, chunk.Rows, chunk.Bytes, sessions, cancellationToken).ConfigureAwait(false);
                    Leave();
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tables whose last chunk was done by a worker of another process.</summary>
    private async Task FinishOthersAsync(CopySessions sessions, CancellationToken cancellationToken)
    {
        foreach (var table in _tables.All.Where(t => t.State == TableCopyState.Copying && !IsScan(t)))
        {
            var begun = new Begun(table, table.Attempt);
            await GuardAsync(() => begun, sessions, () => FinishIfCopiedAsync(table, sessions, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FinishIfCopiedAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        (long Rows, long Bytes)? copied = null;
        await sessions.RunAsync(
            $"look for chunks of {table}",
            async (_, token) => copied = await _context.Store.Chunks.ReadTotalAsync(table.Route.Number, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        if (copied is var (rows, bytes) && table.TryBeginFinish())
        {
            await _finish.FinishAsync(table, rows, bytes, sessions, cancellationToken).ConfigureAwait(false);
            Leave();
        }
    }

    /// <summary>
    /// Runs an action on a table. Where it fails because the table's definition has changed, the table begins again; a server's bare error gets the name of the table.
    /// </summary>
    private async Task GuardAsync(Func<Begun?> begun, CopySessions sessions, Func<Task> action, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                await action().ConfigureAwait(false);
            }
            catch (Exception e) when (e is DtsMigrateException and not (TableChangedException or SnapshotLostException)
                && FaultClassifier.Classify(e) == FaultClass.Stop && begun() is not null && !cancellationToken.IsCancellationRequested)
            {
                var (table, attempt) = begun()!.Value;
                if (_context.IsIncremental && await IsRemovedAsync(table, sessions, cancellationToken).ConfigureAwait(false))
                {
                    Abandon(table);
                    return;
                }

                await CopyFailure.ExplainAsync(table, attempt, sessions, e, cancellationToken).ConfigureAwait(false);
                throw;
            }
        }
        catch (TableChangedException change)
        {
            bool? restarted = await _restarter.RestartAsync(change.Table, change, sessions, cancellationToken).ConfigureAwait(false);
            if (restarted is null)
            {
                Abandon(change.Table);
            }
            else if (restarted == true)
            {
                change.Table.IsNewerThanSnapshot = _snapshot is not null;
                await _plans.Writer.WriteAsync(new PlanJob(change.Table, null), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The stream has met a statement that took the table away, and has dropped it on the destination.</summary>
    private async Task<bool> IsRemovedAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        // The session may be in the middle of a result, or of a transaction that nobody will end.
        await sessions.ResetAsync().ConfigureAwait(false);
        bool removed = false;
        await sessions.RunAsync(
            $"look for {table} in the checkpoint",
            async (_, token) => removed = (await _context.Store.ReadTablesAsync(token).ConfigureAwait(false)).Any(t => t.Number == table.Route.Number && t.State == TableCopyState.Removed),
            cancellationToken).ConfigureAwait(false);
        return removed;
    }

    /// <summary>The table is not part of the task any more; its chunks are gone with it.</summary>
    private void Abandon(TableWork table)
    {
        if (table.TryBeginFinish())
        {
            _context.Log.Write(Progress.LogLevel.Info, "FullCopy", $"{table} was dropped or renamed on the source, and is not copied any more.");
            table.State = TableCopyState.Removed;
            Leave();
        }
    }

    private void Leave()
    {
        lock (_parked)
        {
            _parked.ForEach(t => _plans.Writer.TryWrite(new PlanJob(t, null)));
            _parked.Clear();
        }

        if (Interlocked.Decrement(ref _left) == 0)
        {
            _plans.Writer.Complete();
            _backlog.Add(0);
        }
    }

    /// <summary>A table that something is done on, and the attempt that it is done for.</summary>
    private readonly record struct Begun(TableWork Table, int Attempt);
}
