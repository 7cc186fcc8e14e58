using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Replication.OnlineDdl;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Reads the stream from the gate's position and applies it, until a new pass is due. Reader and applier run side by side with a queue between
/// them, so that network and destination work at the same time.
/// </summary>
internal sealed class StreamPass(RunContext context, TableCatalog catalog, Gate gate, PassPolicy policy, SourceProbe probe, IReadOnlyDictionary<int, string> collations, ApplyModeSwitch mode, ApplyTuning tuning, SlotWindow? recovered, Spool.BinlogSpool? spool, SourceStarts starts, Action onCopyNeeded)
{
    private const long QueueBytes = 16 << 20;
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Runs until a new pass is due.</summary>
    /// <param name="destination">Destination transaction.</param>
    /// <param name="changes">Row changes applied so far.</param>
    /// <param name="onApplied">Told what is committed.</param>
    /// <param name="scope">Told about progress.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Row changes applied so far.</returns>
    public async Task<long> RunAsync(DestinationTransaction destination, long changes, Action<AppliedRecord> onApplied, RetryScope scope, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new EventQueue(QueueBytes);
        var monitor = new SourceMonitor(probe, context.Metrics, context.Time);
        var held = new HeldTables(context, catalog);
        await held.LoadAsync(cancellationToken).ConfigureAwait(false);
        using var shadows = new ShadowTables(context, catalog, gate, collations);
        await shadows.LoadAsync(cancellationToken).ConfigureAwait(false);
        var ddl = new DdlApplier(context, catalog, gate, held, shadows, collations);
        await using var ddlScope = ddl.ConfigureAwait(false);
        var applier = new EventApplier(context, catalog, gate, destination, collations, mode, tuning, recovered, changes, ddl, held, shadows, onCopyNeeded, (applied, commitMicroseconds) =>
        {
            scope.ReportProgress();
            context.Metrics.Position = applied.Current;
            monitor.Applied(applied.Current, commitMicroseconds);
            onApplied(applied);
        });

        var reader = FeedAsync(queue, ReadAsync, stop.Token);
        var watcher = FeedAsync(queue, (_, stopping) => monitor.RunAsync(stopping, cancellationToken), stop.Token);
        try
        {
            await ApplyAsync(queue, applier, monitor, cancellationToken).ConfigureAwait(false);
            return applier.Changes;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reader, watcher).ConfigureAwait(false);
        }
    }

    private async Task ApplyAsync(EventQueue queue, EventApplier applier, SourceMonitor monitor, CancellationToken cancellationToken)
    {
        // A pass may be at its end before it begins: the first one of a task is.
        if (gate.IsPassComplete && recovered is null)
        {
            await applier.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            if (queue.TryRead(out var binlogEvent))
            {
                await applier.ApplyAsync(binlogEvent, queue.IsEmpty, cancellationToken).ConfigureAwait(false);
                binlogEvent.Release();
            }
            else
            {
                await applier.IdleAsync(cancellationToken).ConfigureAwait(false);
                await queue.WaitAsync(LookPeriod, context.Time, cancellationToken).ConfigureAwait(false);
            }

            if (recovered is not null)
            {
                if (applier.HasRecovered)
                {
                    return;
                }
            }
            else if (applier.IsAtBoundary && await policy.IsDueAsync(gate, monitor.IsCaughtUp, cancellationToken).ConfigureAwait(false))
            {
                await applier.CommitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
        }
    }

    // A failure goes through the queue, behind the events that came before it.
    private static async Task FeedAsync(EventQueue queue, Func<EventQueue, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(queue, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Not swallowed: the applier rethrows it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            queue.Complete(failure);
        }
    }

    private async Task ReadAsync(EventQueue queue, CancellationToken cancellationToken)
    {
        var begin = gate.Current;
        var start = begin;
        if (spool is not null)
        {
            await foreach (var binlogEvent in spool.ReadAsync(start, reached => start = reached, cancellationToken).ConfigureAwait(false))
            {
                await TakeAsync(binlogEvent).ConfigureAwait(false);
            }
        }

        var options = new BinlogStreamOptions
        {
            After = start.Gtids,
            From = start.Coordinate,
            ServerId = ReplicaServerId.Of(context),
            HeartbeatPeriod = HeartbeatPeriod,
        };
        try
        {
            var session = await context.Source.OpenAsync(SessionPurpose.Binlog, cancellationToken).ConfigureAwait(false);
            var stream = await BinlogStream.OpenAsync(session, options, context.Time, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                while (true)
                {
                    await TakeAsync(await stream.ReadAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                }
            }
        }
        catch (MySql.Errors.MySqlServerException failure) when (UnreadableLog.Is(failure))
        {
            await UnreadableLog.FailAsync(context, start, failure, cancellationToken).ConfigureAwait(false);
        }

        ValueTask TakeAsync(BinlogEvent binlogEvent)
        {
            context.Metrics.AddBinlogBytes(binlogEvent.Header.Length);
            starts.Take(binlogEvent, begin, catalog);
            return queue.WriteAsync(binlogEvent, cancellationToken);
        }
    }
}
