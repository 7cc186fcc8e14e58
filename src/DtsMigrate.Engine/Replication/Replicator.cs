using System.Threading.Channels;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Replication.Merge;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Replication.Spool;
using DtsMigrate.Engine.Run;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Replication;

/// <summary>Incremental data migration: reads the binary log, decides by the gate, applies with the position in the same transaction.</summary>
public sealed class Replicator
{
    private const string Phase = "Incremental";
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    private readonly RunContext _context;
    private readonly ObjectSelection _selection;
    private readonly Dictionary<int, TableRoute> _planned;
    private readonly Channel<bool> _copyNeeded = Channel.CreateUnbounded<bool>();
    private TableCatalog _catalog;
    private readonly PassPolicy _policy;
    private readonly SpoolKeeper _spool;
    private readonly FuzzyBarriers _barriers = new();
    private readonly SourceStarts _starts;
    private readonly AppliedWaiters _waiters = new();
    private TaskCompletionSource _tableCopied = NewSignal();
    private volatile bool _allLive;
    private bool _shownCatchingUp;
    private readonly ApplyTuning _tuning;
    private SourcePosition? _unmergedUntil;

    /// <summary>Creates the replicator.</summary>
    /// <param name="context">The run.</param>
    /// <param name="selection">What the task selects.</param>
    /// <param name="routes">All tables of the task.</param>
    public Replicator(RunContext context, ObjectSelection selection, IReadOnlyList<TableRoute> routes)
        : this(context, selection, routes, new ApplyTuning())
    {
    }

    internal Replicator(RunContext context, ObjectSelection selection, IReadOnlyList<TableRoute> routes, ApplyTuning tuning)
    {
        _tuning = tuning;
        _context = context;
        _selection = selection;
        _planned = routes.ToDictionary(r => r.Number);
        _catalog = new TableCatalog(selection, routes);
        _policy = new PassPolicy(context.Store, context.Time);
        _spool = new SpoolKeeper(context);
        _starts = new SourceStarts(context);
    }

    /// <summary>True when every table is Live.</summary>
    public bool AllLive => _allLive;

    /// <summary>A table has been copied: the stream goes back for it when it is time. Thread safe.</summary>
    /// <param name="route">The table.</param>
    public void TableCopied(TableRoute route)
    {
        _policy.TableCopied();
        Interlocked.Exchange(ref _tableCopied, NewSignal()).TrySetResult();
    }

    /// <summary>Waits until DDL has left tables to be copied: some that came into the selection, or whose rows its text does not determine.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitCopyNeededAsync(CancellationToken cancellationToken) => _copyNeeded.Reader.ReadAsync(cancellationToken).AsTask();

    /// <summary>Runs until cancelled. Cancellation is a graceful stop: what is in the open destination transaction is committed or rolled back, and the position with it.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">Stopped for cause: a DDL on a selected object, a change in statement format, a difference, an event that is not understood.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task stream = _context.Retry.RunAsync("incremental data migration", AttemptAsync, end.Token);
        Task watch = WatchPurgeAsync(end.Token);
        Task spool = _spool.RunAsync(end.Token);
        Task heartbeat = _context.Task.Options.Heartbeat ? new SourceHeartbeat(_context).RunAsync(end.Token) : Task.CompletedTask;
        Task first = await Task.WhenAny(stream, watch, spool).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Settle.Of(stream), Settle.Of(watch), Settle.Of(spool), Settle.Of(heartbeat)).ConfigureAwait(false);
        _context.Metrics.Warning = null;
        try
        {
            await first.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _context.Log.Write(LogLevel.Info, Phase, $"Stopped at {_context.Metrics.Position}.");
        }
    }

    /// <summary>Completes when all tables are Live and everything at or before the position is applied.</summary>
    /// <param name="position">Position.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitAppliedAsync(SourcePosition position, CancellationToken cancellationToken) => _waiters.WaitAsync(position, cancellationToken);

    // A run that goes on after a rest or a failure has a position before it has its spool.
    private async Task WatchPurgeAsync(CancellationToken cancellationToken)
    {
        await _spool.WaitOpenAsync(cancellationToken).ConfigureAwait(false);
        await new PurgeWatch(_context, NeededOfSource).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    // What the spool holds the source need not have.
    private SourcePosition NeededOfSource(SourcePosition position) => _spool.Spool?.NeededOfSource(position) ?? position;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AttemptAsync(RetryScope scope, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = _unmergedUntil;
            try
            {
                await StreamAsync(scope, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (MergeMismatchException mismatch) when (!ReferenceEquals(before, _unmergedUntil))
            {
                // Rolled back with its session. Unmerged the same changes either fit or name the row.
                _context.Log.Write(LogLevel.Warning, Phase, $"Merged changes did not fit the destination's rows and are applied one by one: {mismatch.Message}");
            }
        }
    }

    // From the checkpoint, every time: nothing in memory survives a failure.
    private async Task StreamAsync(RetryScope scope, CancellationToken cancellationToken)
    {
        // Before anything is read: a transaction that a dead session of ours has left is ended by it.
        var destination = await ApplierSession.OpenAsync(_context, slot: 0, cancellationToken).ConfigureAwait(false);
        await using var destinationScope = destination.ConfigureAwait(false);
        var tuning = _tuning.Within(await ApplierSession.ReadTransactionLimitAsync(destination, cancellationToken).ConfigureAwait(false));
        var slots = new SlotWriter(_context, tuning);
        await using var slotsScope = slots.ConfigureAwait(false);
        var gate = await WaitForWorkAsync(cancellationToken).ConfigureAwait(false);
        var window = await SettleWindowAsync(slots, gate.High, gate.HasStopped, cancellationToken).ConfigureAwait(false);
        // With stopped tables a window that is wholly there is read again all the same: their changes in it are to be counted.
        if (window is not null && window.Done.All(done => done) && !gate.HasStopped)
        {
            window = null;
            gate = await WaitForWorkAsync(cancellationToken).ConfigureAwait(false);
        }

        await _spool.OpenAsync(gate.Current, cancellationToken).ConfigureAwait(false);
        long changes = _context.Metrics.ChangesApplied;

        var source = await _context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var sourceScope = source.ConfigureAwait(false);
        long packetLimit = await ApplierSession.ReadPacketLimitAsync(destination, cancellationToken).ConfigureAwait(false);
        using var transaction = new DestinationTransaction(destination, packetLimit, _context.Time, tuning, slots, _context.Throttle.Incremental);

        var facts = _context.SourceFacts.HasGtid ? await ServerConnector.ReadFactsAsync(source, cancellationToken).ConfigureAwait(false) : _context.SourceFacts;
        var probe = new SourceProbe(source, facts, _tuning.SettleSeconds);
        var collations = await probe.ReadCollationsAsync(cancellationToken).ConfigureAwait(false);
        var mode = new ApplyModeSwitch(_context.Task.Options.ApplyMode, _unmergedUntil, _tuning.AlwaysMerge);
        while (true)
        {
            if (window is null && !gate.HasCatchingUp && gate.Waiting.Count > 0)
            {
                await BeginPassAsync(gate, changes, cancellationToken).ConfigureAwait(false);
            }

            await probe.CheckAsync(NeededOfSource(gate.Current), cancellationToken).ConfigureAwait(false);
            if (_context.SourceFacts.HasGtid)
            {
                var end = await probe.ReadEndAsync(cancellationToken).ConfigureAwait(false);
                foreach (var table in _catalog.All.Where(t => gate.StateOf(t.Number) is not (TableCopyState.CatchingUp or TableCopyState.Live or TableCopyState.Stopped)))
                {
                    _barriers.Forget(table.Number);
                }

                _barriers.Set(gate, _catalog.All.Select(t => t.Number).Where(t => gate.StateOf(t) is TableCopyState.CatchingUp or TableCopyState.Live), end, facts.ServerUuid);
            }

            _context.Log.Write(LogLevel.Info, Phase, $"Reading the binary log from {gate.Current}.");
            var pass = new StreamPass(_context, _catalog, gate, _policy, probe, collations, mode, tuning, window, _spool.Spool, _starts, () => _copyNeeded.Writer.TryWrite(true));
            bool finishes = window is not null;
            window = null;
            try
            {
                changes = await pass.RunAsync(transaction, changes, applied => Publish(gate, applied), scope, cancellationToken).ConfigureAwait(false);
            }
            catch (MergeMismatchException) when (!finishes)
            {
                _unmergedUntil = gate.Current;
                throw;
            }
        }
    }

    // A window that was being written when the last attempt ended. Nothing committed: as if it had never been. Everything: the position moves. Some: it must be finished first.
    private async Task<SlotWindow?> SettleWindowAsync(SlotWriter slots, SourcePosition high, bool countsLeftOut, CancellationToken cancellationToken)
    {
        int count = await _context.Store.Windows.CountAsync(cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            return null;
        }

        // Ends sessions that have outlived their connection, with their transactions; then what is done is final.
        await slots.OpenAsync(count, cancellationToken).ConfigureAwait(false);
        var window = await _context.Store.Windows.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (window is null || !window.Done.Any(done => done))
        {
            await _context.Store.Windows.EndAsync(write: null, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (window.Done.All(done => done) && !countsLeftOut)
        {
            var applied = new AppliedRecord(window.End, high, window.Changes);
            await _context.Store.Windows.EndAsync((session, token) => _context.Store.WriteAppliedAsync(session, applied, token), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _context.Log.Write(LogLevel.Info, Phase, $"Finishing what was being written up to {window.End}: {window.Done.Count(done => done)} of {window.Done.Count} parts are there.");
        }

        return window;
    }

    private async Task<Gate> WaitForWorkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var copied = Volatile.Read(ref _tableCopied).Task;

            // The position first: that read waits for a COMMIT of ours whose answer was lost.
            var applied = await _context.Store.ReadAppliedAsync(cancellationToken).ConfigureAwait(false);
            var tables = await _context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false);
            var waiting = tables.Where(t => t.State == TableCopyState.Copied).ToList();
            if (applied is not null || waiting.Count > 0)
            {
                applied ??= Gate.FirstPass(waiting);
                _context.Metrics.ChangesApplied = applied.Changes;
                _context.Metrics.ChangesLeftOut = await _context.Store.ReadLeftOutAsync(cancellationToken).ConfigureAwait(false);
                var gate = new Gate(applied, tables);
                await LoadCatalogAsync(tables, cancellationToken).ConfigureAwait(false);
                if (!_context.SourceFacts.LogsCascades)
                {
                    gate.TiedTo = number => _catalog.Graph.TiedTo(number);
                }

                ShowStates(gate);
                return gate;
            }

            await Task.WhenAny(copied, Task.Delay(LookPeriod, _context.Time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // DDL changes it with the checkpoint, so it is made of that. Checkpoints of the release before have no definitions: those of the plan count.
    private async Task LoadCatalogAsync(IReadOnlyList<TableCopyRecord> tables, CancellationToken cancellationToken)
    {
        var definitions = await _context.Store.Definitions.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        var routes = tables.Where(t => t.State != TableCopyState.Removed && (definitions.ContainsKey(t.Number) || _planned.ContainsKey(t.Number)))
            .Select(t => new TableRoute(t.Number, definitions.GetValueOrDefault(t.Number) ?? _planned[t.Number].Definition, t.Destination));
        _catalog = new TableCatalog(_selection, [.. routes]);
    }

    private async Task BeginPassAsync(Gate gate, long changes, CancellationToken cancellationToken)
    {
        var waiting = gate.Waiting;
        var applied = gate.PlanPass(changes);
        var definitions = await _context.Store.Definitions.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (int number in waiting.Where(definitions.ContainsKey))
        {
            _catalog.Set(_catalog[number].Route with { Definition = definitions[number] });
        }

        await _context.Store.BeginPassAsync(applied, waiting, cancellationToken).ConfigureAwait(false);
        gate.BeginPass(applied, waiting);
        _policy.PassBegins();
        _waiters.Reached(null);
        ShowStates(gate);
        _context.Log.Write(LogLevel.Info, Phase, $"{waiting.Count} copied tables catch up from {applied.Current}.");
    }

    private void Publish(Gate gate, AppliedRecord applied)
    {
        if (gate.AllLive != _allLive || gate.HasCatchingUp != _shownCatchingUp)
        {
            ShowStates(gate);
        }

        _waiters.Reached(gate.AllLive ? applied.Current : null);
    }

    private void ShowStates(Gate gate)
    {
        _allLive = gate.AllLive;
        _shownCatchingUp = gate.HasCatchingUp;
        foreach (var table in _catalog.All)
        {
            var state = gate.StateOf(table.Number);
            if (state is TableCopyState.CatchingUp or TableCopyState.Live && _context.Metrics.Tables.GetValueOrDefault(table.Number) is { } progress)
            {
                progress.State = state;
            }
        }
    }
}
