using System.Collections.Concurrent;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Run;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Copies chunks of a task that another worker runs, under that worker's lease. It only ever claims chunks that are recorded: tables are begun, cut, begun again and finished by the
/// task's own worker, and a chunk that this one fails at is that one's to report.
/// </summary>
internal sealed class CopyJoiner : IDisposable
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ChangedPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan GoneAfter = TimeSpan.FromMinutes(5);

    private readonly RunContext _context;
    private readonly string _definitionHash;
    private readonly JoinProgress _progress;
    private readonly JoinedTables _tables;
    private readonly ChunkCopier _chunks;
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private volatile bool _mayCopy;
    private int _copying;

    /// <summary>Creates the joiner.</summary>
    /// <param name="context">The run, with a store that has joined.</param>
    /// <param name="definitionHash">What the task's progress belongs to.</param>
    /// <param name="progress">Told what is done.</param>
    public CopyJoiner(RunContext context, string definitionHash, JoinProgress progress)
    {
        _context = context;
        _definitionHash = definitionHash;
        _progress = progress;
        _tables = new JoinedTables(context);
        _chunks = new ChunkCopier(context, CopyTuning.Of(context));
    }

    /// <inheritdoc/>
    public void Dispose() => _tables.Dispose();

    /// <summary>Copies until there is nothing left to do under this lease. Chunks in flight are rolled back when it is cancelled.</summary>
    public async Task<JoinEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = Task.Run(() => WatchAsync(stop.Token), CancellationToken.None);
        Task[] all = [watch, .. Enumerable.Range(0, _context.Task.Options.CopyThreads).Select(_ => Task.Run(() => WorkAsync(stop.Token), CancellationToken.None))];
        var first = await Task.WhenAny(all).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(all.Select(Settle.Of)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        // What the others end with is only an echo of the first.
        if (first == watch)
        {
            return await watch.ConfigureAwait(false);
        }

        try
        {
            await first.ConfigureAwait(false);
        }
        catch (DtsMigrateException e) when (e.Code == "LeaseLost")
        {
            // Rolled back; nothing of the chunk has been committed.
        }

        return JoinEnd.NewLease;
    }

    /// <summary>Looks at the task while its chunks are copied, until there is a reason to end.</summary>
    private async Task<JoinEnd> WatchAsync(CancellationToken cancellationToken)
    {
        long? released = null;
        while (true)
        {
            TaskSight? seen = null;
            await _context.Retry.RunAsync(
                "look at the task on the destination",
                async (_, token) => seen = await _context.Store.LookAsync(_definitionHash, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            if (seen!.Epoch != _context.Store.Lease.Epoch)
            {
                return JoinEnd.NewLease;
            }

            if (RunPhase.IsAtLeast(seen.Phase, RunPhase.Copy))
            {
                return JoinEnd.CopyDone;
            }

            if (seen.HasSnapshot)
            {
                throw JoinedTables.SnapshotNotShared(_context.Task.Name);
            }

            // A lease that was given back has no time of renewal.
            released = seen.IsReleased ? released ?? _context.Time.GetTimestamp() : null;
            var silence = released is { } since ? _context.Time.GetElapsedTime(since) : seen.SinceRenewal;
            if (silence > GoneAfter && Volatile.Read(ref _copying) == 0)
            {
                return JoinEnd.WorkerGone;
            }

            // Whoever stops a task does not want it to go on elsewhere. A worker that died without a word has not been stopped.
            _mayCopy = !seen.IsReleased;
            Show(seen);
            await Task.Delay(LookPeriod, _context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Show(TaskSight seen)
    {
        string before = _context.Task.MigrationTypes.HasFlag(MigrationTypes.Schema) ? RunPhase.Schema : RunPhase.Planned;
        if (seen.IsReleased)
        {
            _progress.Enter("Waiting", $"No worker runs the task itself now; this one leaves after {GoneAfter.TotalMinutes:0} minutes without one.");
        }
        else if (!RunPhase.IsAtLeast(seen.Phase, before))
        {
            _progress.Enter("Waiting", "The copy has not begun yet.");
        }
        else
        {
            _progress.Enter("Copying", string.Empty);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var sessions = new CopySessions(_context);
        await using (sessions.ConfigureAwait(false))
        {
            while (true)
            {
                if (!_mayCopy || !await CopyOneAsync(sessions, cancellationToken).ConfigureAwait(false))
                {
                    await Task.Delay(LookPeriod, _context.Time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <returns>False when there is nothing to do for the moment.</returns>
    private async Task<bool> CopyOneAsync(CopySessions sessions, CancellationToken cancellationToken)
    {
        TableWork? table = null;
        try
        {
            try
            {
                if (await _chunks.CopyNextAsync(_tables, sessions, Take, cancellationToken).ConfigureAwait(false) is null)
                {
                    return false;
                }

                _progress.AddChunk();
                return true;
            }
            catch (DtsMigrateException e) when (table is not null && e.Code is not ("LeaseLost" or "TableDefinitionChanged") && FaultClassifier.Classify(e) == FaultClass.Stop && !cancellationToken.IsCancellationRequested)
            {
                await CopyFailure.ExplainAsync(table, table.Attempt, sessions, e, cancellationToken).ConfigureAwait(false);
                throw;
            }
        }
        catch (DtsMigrateException e) when (e.Code == "TableDefinitionChanged")
        {
            // The claim goes first: the task's own worker needs it to begin the table again.
            await sessions.ResetAsync().ConfigureAwait(false);
            if (table is not null)
            {
                _tables.Forget(table);
            }

            if (_told.TryAdd(e.Message, true))
            {
                _context.Log.Write(LogLevel.Warning, "FullCopy", $"{e.Message} Its chunks are left to the task's own worker, which will begin it again.");
            }

            await Task.Delay(ChangedPause, _context.Time, cancellationToken).ConfigureAwait(false);
            return false;
        }
        finally
        {
            if (table is not null)
            {
                Interlocked.Decrement(ref _copying);
            }
        }

        void Take(TableWork taken)
        {
            table = taken;
            Interlocked.Increment(ref _copying);
        }
    }
}
