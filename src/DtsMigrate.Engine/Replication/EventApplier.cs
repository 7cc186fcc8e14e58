using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Replication.Merge;
using DtsMigrate.Engine.Replication.OnlineDdl;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Takes the stream's events in order, follows transactions, asks the gate, and fills destination transactions, which are committed at ends of
/// source transactions only, with the position.
/// </summary>
internal sealed class EventApplier
{
    private static readonly TimeSpan PositionPeriod = TimeSpan.FromSeconds(1);

    private readonly RunContext _context;
    private readonly TableCatalog _catalog;
    private readonly Gate _gate;
    private readonly DestinationTransaction _destination;
    private readonly QueryApplier _queries;
    private readonly DdlApplier _ddl;
    private readonly Action _onCopyNeeded;
    private readonly RowsIntake _rows;
    private readonly HeldTables _held;
    private readonly ShadowTables _shadows;
    private readonly Action<AppliedRecord, long> _onApplied;
    private readonly SourceTransaction _transaction = new();
    private readonly ApplyModeSwitch _mode;
    private readonly ApplyTuning _tuning;
    private readonly SlotWindow? _recovered;
    private SourcePosition _lastEnd;
    private bool _passesOver;
    private SourcePosition _writtenPosition;
    private long _writtenAt;
    private long _changes;
    private long _lastCommitMicroseconds;

    /// <summary>Creates the applier.</summary>
    /// <param name="context">The run.</param>
    /// <param name="catalog">Tables.</param>
    /// <param name="gate">Gate; the applier moves its position.</param>
    /// <param name="destination">Destination transaction.</param>
    /// <param name="collations">Collation names of the source by id.</param>
    /// <param name="mode">Chooses how changes are written.</param>
    /// <param name="tuning">Limits.</param>
    /// <param name="recovered">A window of which some slots have committed: it is read again and finished, and nothing after it; null for none.</param>
    /// <param name="changes">Row changes applied so far.</param>
    /// <param name="ddl">Carries DDL out.</param>
    /// <param name="held">Tables whose rows do not fit.</param>
    /// <param name="shadows">Shadow tables of online DDL tools.</param>
    /// <param name="onCopyNeeded">Told when DDL has left tables to be copied.</param>
    /// <param name="onApplied">Told what is committed, and the commit time on the source of its last transaction, in microseconds (0: none yet).</param>
    public EventApplier(RunContext context, TableCatalog catalog, Gate gate, DestinationTransaction destination, IReadOnlyDictionary<int, string> collations, ApplyModeSwitch mode, ApplyTuning tuning, SlotWindow? recovered, long changes, DdlApplier ddl, HeldTables held, ShadowTables shadows, Action onCopyNeeded, Action<AppliedRecord, long> onApplied)
    {
        _context = context;
        _catalog = catalog;
        _gate = gate;
        _destination = destination;
        _queries = new QueryApplier(catalog, gate, collations);
        _ddl = ddl;
        _onCopyNeeded = onCopyNeeded;
        _held = held;
        _shadows = shadows;
        _rows = new RowsIntake(context, catalog, gate, destination, held, shadows, collations);
        _onApplied = onApplied;
        _changes = changes;
        _mode = mode;
        _tuning = tuning;
        _recovered = recovered;
        _lastEnd = gate.Current;
        destination.IsMerging = mode.IsMerging || recovered is not null;
        destination.IsRecovering = recovered is not null;
        ShowMode();
        _writtenPosition = gate.Current;
        _writtenAt = context.Time.GetTimestamp();
    }

    /// <summary>Between source transactions.</summary>
    public bool IsAtBoundary => !_transaction.IsOpen;

    /// <summary>The window that was to be finished is.</summary>
    public bool HasRecovered { get; private set; }

    /// <summary>Row changes applied and committed since the task began.</summary>
    public long Changes => _changes;

    /// <summary>Takes an event.</summary>
    /// <param name="binlogEvent">The event.</param>
    /// <param name="isLast">No other event is waiting: what is complete is committed at once.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task ApplyAsync(BinlogEvent binlogEvent, bool isLast, CancellationToken cancellationToken)
    {
        switch (binlogEvent)
        {
            case RowsEvent rows:
                await RowsAsync(rows, cancellationToken).ConfigureAwait(false);
                break;
            case GtidEvent start:
                await BeginAsync(start, cancellationToken).ConfigureAwait(false);
                break;
            case QueryEvent query:
                await QueryAsync(query, isLast, cancellationToken).ConfigureAwait(false);
                break;
            case XidEvent:
                await EndAsync(binlogEvent, isLast, cancellationToken).ConfigureAwait(false);
                break;
            case XaPrepareEvent prepare:
                if (prepare.OnePhase && !_passesOver)
                {
                    await CommitXaAsync(prepare.Xid, prepare, cancellationToken).ConfigureAwait(false);
                }

                await EndAsync(binlogEvent, isLast, cancellationToken).ConfigureAwait(false);
                break;
            case IncidentEvent incident:
                throw ReplicationErrors.Incident(incident.Message, incident.End);
            case RotateEvent rotate:
                await PassOverAsync(rotate.Next, cancellationToken).ConfigureAwait(false);
                break;
            case HeartbeatEvent:
            case FormatDescriptionEvent or PreviousGtidsEvent or IgnorableEvent when binlogEvent.Header.EndLogPosition != 0:
                // At the head of a new file nothing else moves the position. Artificial events have no place of their own.
                await PassOverAsync(binlogEvent.End, cancellationToken).ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    /// <summary>Nothing has come for a while: writes the position if it has moved.</summary>
    public async Task IdleAsync(CancellationToken cancellationToken)
    {
        if (_recovered is null && IsAtBoundary && (_destination.IsOpen || IsPositionDue))
        {
            await CommitAndChooseAsync(hasBacklog: false, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Commits what is complete. Only between transactions.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => CommitAsync(null, cancellationToken);

    private async Task CommitAsync(DdlChange? change, CancellationToken cancellationToken)
    {
        long rows = _destination.Rows;
        var applied = new AppliedRecord(_gate.Current, _gate.High, _changes + rows);
        bool completes = _gate.IsPassComplete;
        var perTable = _destination.Changes.ToArray();
        var leftOut = _rows.LeftOut;

        // What was left out, or is in shadow tables, is counted in the transaction that moves the position, which a window's slots do not wait for.
        bool sliced = _recovered is not null || (_destination.CanSlice && leftOut.Total == 0 && !_shadows.IsDirty);
        if (sliced)
        {
            await WriteSlotsAsync(applied.Changes, cancellationToken).ConfigureAwait(false);
        }

        await _destination.CommitAsync(
            async (session, token) =>
            {
                await _context.Store.WriteAppliedAsync(session, applied, token).ConfigureAwait(false);
                await _held.WriteAsync(session, applied.Current, token).ConfigureAwait(false);
                await _shadows.WriteAsync(session, token).ConfigureAwait(false);
                if (leftOut.Total > 0)
                {
                    await _context.Store.AddLeftOutAsync(session, leftOut, token).ConfigureAwait(false);
                }

                if (sliced)
                {
                    await _context.Store.Windows.EndAsync(session, token).ConfigureAwait(false);
                }

                await (change?.WriteAsync(session, token) ?? Task.CompletedTask).ConfigureAwait(false);
                if (completes)
                {
                    await _context.Store.MarkLiveAsync(session, token).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);

        if (completes)
        {
            _gate.CompletePass();
        }

        _held.Committed();
        _shadows.Committed();
        change?.Adopt();
        _changes += rows;
        _context.Metrics.AddChanges(rows);
        foreach (var (table, changes) in perTable)
        {
            _context.Metrics.Tables.GetValueOrDefault(table)?.AddChanges(changes);
        }

        _context.Metrics.AddLeftOut(leftOut.Total, leftOut.Tables);
        leftOut.Written();

        _writtenPosition = applied.Current;
        _writtenAt = _context.Time.GetTimestamp();
        _onApplied(applied, _lastCommitMicroseconds);
    }

    private bool IsPositionDue => !ReferenceEquals(_writtenPosition, _gate.Current) && _context.Time.GetElapsedTime(_writtenAt) >= PositionPeriod;

    private bool IsFull => _destination.LogBytes >= _tuning.LogBytes || (_destination.IsMerging
        ? _destination.MergedRows >= _tuning.WindowRows || _destination.Bytes >= _tuning.MergedBytes || _destination.Age >= _tuning.WindowTime
        : _destination.Rows >= _tuning.GroupRows || _destination.Bytes >= _tuning.GroupBytes || _destination.Age >= _tuning.GroupTime);

    private async Task BeginAsync(GtidEvent start, CancellationToken cancellationToken)
    {
        // What the destination takes alone must not fail for what is before it in the same transaction.
        if (_destination.IsOpen && _recovered is null && _destination.LogBytes + (long)start.TransactionLength > _tuning.TransactionLimit)
        {
            await CommitAndChooseAsync(hasBacklog: true, cancellationToken).ConfigureAwait(false);
        }

        if (start.Gtid is null && _context.SourceFacts.HasGtid)
        {
            throw ReplicationErrors.GtidMissing(start.End);
        }

        _transaction.Begin(start);

        // Another server may have a later transaction before one of the window's: independent of it, and read again after it.
        _passesOver = _recovered is not null && start.Gtid is not null && !_recovered.End.Covers(start.Gtid, start.End);
    }

    private async Task QueryAsync(QueryEvent query, bool isLast, CancellationToken cancellationToken)
    {
        var statement = _queries.Classify(query, out string text);
        if (_passesOver && statement.Kind is not (StatementKind.Begin or StatementKind.XaStart or StatementKind.Commit))
        {
            await EndIfWholeAsync(statement.Kind, query, isLast, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (statement.RowsFollow)
        {
            _transaction.BeginExplicit(null);
        }

        switch (statement.Kind)
        {
            case StatementKind.Begin:
                _transaction.BeginExplicit(null);
                return;
            case StatementKind.XaStart:
                _transaction.BeginExplicit(statement.Xid);
                _rows.BeginXa(statement.Xid!, _transaction);
                return;
            case StatementKind.XaCommit:
                await CommitXaAsync(statement.Xid!, query, cancellationToken).ConfigureAwait(false);
                break;
            case StatementKind.XaRollback:
                _rows.ForgetXa(statement.Xid!);
                break;
            case StatementKind.Commit:
                await EndAsync(query, isLast, cancellationToken).ConfigureAwait(false);
                return;
            case StatementKind.TableDdl or StatementKind.DatabaseDdl or StatementKind.ObjectDdl when _queries.Concerns(statement):
                if (await DdlAsync(text, query, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                break;
            case StatementKind.Dml or StatementKind.Unknown:
                // What precedes is kept even if the statement stops the task; and the gate must know what the copy has done meanwhile.
                await KeepPrecedingAsync(cancellationToken).ConfigureAwait(false);
                _gate.Refresh(await _context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false));
                break;
            default:
                break;
        }

        _queries.Apply(statement, text, query, _transaction);
        await EndIfWholeAsync(statement.Kind, query, isLast, cancellationToken).ConfigureAwait(false);
    }

    private async Task EndIfWholeAsync(StatementKind kind, QueryEvent query, bool isLast, CancellationToken cancellationToken)
    {
        if (!_transaction.IsExplicit || kind == StatementKind.Rollback)
        {
            await EndAsync(query, isLast, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>False when the statement does not concern the task at this place.</returns>
    private async Task<bool> DdlAsync(string text, QueryEvent query, CancellationToken cancellationToken)
    {
        // A barrier: everything before it is committed, and what the copy has done meanwhile is known.
        await KeepPrecedingAsync(cancellationToken).ConfigureAwait(false);
        var records = await _context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false);
        _gate.Refresh(records);
        if (await _ddl.ApplyAsync(text, query, _transaction, records, cancellationToken).ConfigureAwait(false) is not { } change)
        {
            return false;
        }

        if (!_transaction.IsExplicit)
        {
            _transaction.NoteTime(query.Header.Timestamp);
            _lastCommitMicroseconds = _transaction.CommitMicroseconds;
            _gate.Advance(_transaction.Gtid, query.End);
            _transaction.End();
            _rows.TransactionEnds();
        }

        _rows.Forget();
        await CommitAsync(change, cancellationToken).ConfigureAwait(false);
        await change.CleanUpAsync(cancellationToken).ConfigureAwait(false);
        if (change.NeedsCopy)
        {
            _onCopyNeeded();
        }

        return true;
    }

    private async Task RowsAsync(RowsEvent rows, CancellationToken cancellationToken)
    {
        if (_passesOver)
        {
            return;
        }

        await KeepingAsync(_rows.AddAsync(rows, _transaction, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private Task CommitXaAsync(string xid, BinlogEvent commit, CancellationToken cancellationToken) =>
        KeepingAsync(_rows.CommitXaAsync(xid, commit, _transaction, KeepPrecedingAsync, cancellationToken), cancellationToken);

    private async Task KeepingAsync(Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (DtsMigrateException failure) when (failure is not MySqlConnectionException and not MergeMismatchException)
        {
            await KeepPrecedingAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    // What precedes a cause to stop is kept, if nothing of the transaction at fault is on its way yet.
    private async Task KeepPrecedingAsync(CancellationToken cancellationToken)
    {
        if (_destination.IsOpen && !_transaction.HasAppliedRows && _recovered is null)
        {
            await CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(BinlogEvent last, bool isLast, CancellationToken cancellationToken)
    {
        _transaction.NoteTime(last.Header.Timestamp);
        _lastCommitMicroseconds = _transaction.CommitMicroseconds;
        if (!_passesOver)
        {
            _gate.Advance(_transaction.Gtid, last.End);
            _lastEnd = _gate.Current;
        }

        _passesOver = false;
        _transaction.End();
        _rows.TransactionEnds();
        await CommitIfDueAsync(isLast, cancellationToken).ConfigureAwait(false);
    }

    private async Task PassOverAsync(BinlogCoordinate next, CancellationToken cancellationToken)
    {
        if (IsAtBoundary)
        {
            _gate.AdvanceTo(next);
            await CommitIfDueAsync(isLast: true, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CommitIfDueAsync(bool isLast, CancellationToken cancellationToken)
    {
        if (_recovered is not null)
        {
            if (!HasRecovered && _lastEnd.Covers(_recovered.End))
            {
                await CommitAsync(cancellationToken).ConfigureAwait(false);
                HasRecovered = true;
            }

            return;
        }

        bool isFull = _destination.IsOpen && IsFull;
        if (_gate.IsPassComplete || IsPositionDue || isFull || ((_destination.IsOpen || _rows.LeftOut.Total > 0 || _shadows.IsDirty) && isLast))
        {
            await CommitAndChooseAsync(isFull && !isLast, cancellationToken).ConfigureAwait(false);
        }
        else if (!_destination.IsOpen)
        {
            // Nothing of the task was in it: the position is as good as written, only a restart would read a little again.
            _onApplied(new AppliedRecord(_gate.Current, _gate.High, _changes), _lastCommitMicroseconds);
        }
    }

    private async Task CommitAndChooseAsync(bool hasBacklog, CancellationToken cancellationToken)
    {
        long rows = _destination.Rows;
        await CommitAsync(cancellationToken).ConfigureAwait(false);
        _mode.Committed(hasBacklog, rows, _gate.Current);
        _destination.IsMerging = _mode.IsMerging;
        ShowMode();
    }

    private void ShowMode() => _context.Metrics.ApplyMode = _mode.Show(!_context.SourceFacts.LogsCascades && _catalog.All.Any(t => t.HasCascades));

    // Between the end of the last transaction and the position now there is nothing to apply.
    private async Task WriteSlotsAsync(long changes, CancellationToken cancellationToken)
    {
        var window = _recovered ?? new SlotWindow(_lastEnd, changes, new bool[_tuning.Slots], SlotPlan.Division);
        if (_recovered is null)
        {
            await _context.Store.Windows.BeginAsync(window, cancellationToken).ConfigureAwait(false);
        }

        await _destination.WriteSlotsAsync(window, cancellationToken).ConfigureAwait(false);
    }
}
