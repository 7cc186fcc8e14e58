using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Replication.OnlineDdl;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Takes rows events into the destination transaction: those that the gate lets through, of the kinds of DML that are selected. Keeps the changes of XA transactions until their COMMIT.
/// </summary>
internal sealed class RowsIntake
{
    private readonly Gate _gate;
    private readonly DestinationTransaction _destination;
    private readonly HeldTables _held;
    private readonly RowsRouter _router;
    private readonly ShadowTables _shadows;
    private readonly XaTransactions _xa = new();
    private readonly XaLog _xaLog;
    private readonly bool _overwrites;

    public RowsIntake(RunContext context, TableCatalog catalog, Gate gate, DestinationTransaction destination, HeldTables held, ShadowTables shadows, IReadOnlyDictionary<int, string> collations)
    {
        _gate = gate;
        _destination = destination;
        _held = held;
        _shadows = shadows;
        _router = new RowsRouter(catalog, gate, new TableMapCheck(collations, catalog.Selection.Collations), LeftOut);
        _xaLog = new XaLog(context);
        _overwrites = context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed;
    }

    /// <summary>What is left out.</summary>
    public LeftOutRows LeftOut { get; } = new();

    /// <summary>Takes an event, or keeps it for the COMMIT of its XA transaction.</summary>
    public async Task AddAsync(RowsEvent rows, SourceTransaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.Xid is not { } xid)
        {
            transaction.NoteTime(rows.Header.Timestamp);
            await ApplyAsync(rows, rows.End, transaction, cancellationToken).ConfigureAwait(false);
        }
        else if (_shadows.Concerns(rows) || _router.Concerns(rows, transaction.Gtid, rows.End))
        {
            _xa.Add(xid, rows);
        }
    }

    /// <summary>A source transaction, or a statement that is one, is over: what was found of tables must be found anew.</summary>
    public void TransactionEnds()
    {
        LeftOut.TransactionEnds();
        _router.Forget();
    }

    /// <summary>Tables may have other definitions now.</summary>
    public void Forget() => _router.Forget();

    /// <summary>An XA transaction begins.</summary>
    public void BeginXa(string xid, SourceTransaction transaction) => _xa.Begin(xid, transaction.Start);

    /// <summary>An XA transaction was rolled back.</summary>
    public void ForgetXa(string xid) => _xa.Forget(xid);

    /// <summary>An XA transaction is committed: its changes are visible from here on, so it is this transaction's position that decides about them.</summary>
    /// <param name="xid">Its identifier.</param>
    /// <param name="commit">The event.</param>
    /// <param name="transaction">The transaction of the COMMIT.</param>
    /// <param name="keepPreceding">Commits what precedes, before the log is read again.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task CommitXaAsync(string xid, BinlogEvent commit, SourceTransaction transaction, Func<CancellationToken, Task> keepPreceding, CancellationToken cancellationToken)
    {
        transaction.NoteTime(commit.Header.Timestamp);
        var known = _xa.Find(xid);
        if (known?.Rows is { } held)
        {
            foreach (var rows in held)
            {
                await ApplyAsync(rows, commit.End, transaction, cancellationToken).ConfigureAwait(false);
            }
        }
        else if (known is null or { HasRows: true })
        {
            // Prepared before this pass began, or too large to be kept.
            await keepPreceding(cancellationToken).ConfigureAwait(false);
            var start = known?.Start ?? await _xaLog.FindAsync(xid, commit.End, cancellationToken).ConfigureAwait(false);
            await foreach (var rows in _xaLog.ReadAsync(xid, start, cancellationToken).ConfigureAwait(false))
            {
                await ApplyAsync(rows, commit.End, transaction, cancellationToken).ConfigureAwait(false);
                rows.Release();
            }
        }

        _xa.Forget(xid);
    }

    private async Task ApplyAsync(RowsEvent rows, BinlogCoordinate end, SourceTransaction transaction, CancellationToken cancellationToken)
    {
        if (_shadows.TryAdd(rows, transaction.Gtid, end))
        {
            // Its sum must not be written before the transaction's end.
            transaction.HasAppliedRows = true;
            return;
        }

        var table = _router.Route(rows, transaction.Gtid, end, _held);
        if (table is not null && _held.Holds(table.Number))
        {
            table = await _held.SettleAsync(table, end, cancellationToken).ConfigureAwait(false);
            _router.Verify(table, rows);
            _router.Forget();
        }

        var cascades = _router.Cascades(rows, transaction.Gtid, end);
        if (table is null && cascades is null)
        {
            return;
        }

        bool fuzzy = table is not null && (_overwrites || (_gate.IsFuzzy(table.Number) && !(table.NeedsExactCopy && _gate.WasCopiedAtOnce(table.Number))));

        // What the copy has seen in parts must be applied whole, or a row whose key has changed would be there twice.
        if (table is { IsSelective: true } && _gate.IsCopyPassed(table.Number))
        {
            if (!table.Dml.HasFlag(KindOf(rows)))
            {
                LeftOut.Add(rows, table.Number);
                return;
            }

            // Rows that were left out may be missing or in the way. Only where INSERT is left out must an UPDATE not write a new row.
            fuzzy = !table.MayJoinKeys && (!table.MayMiss || rows.Kind == RowChangeKind.Delete);
        }

        transaction.HasAppliedRows = true;
        await _destination.AddAsync(table, rows, fuzzy, cascades, cancellationToken).ConfigureAwait(false);
    }

    private static DmlKinds KindOf(RowsEvent rows) => rows.Kind switch
    {
        RowChangeKind.Insert => DmlKinds.Insert,
        RowChangeKind.Update => DmlKinds.Update,
        _ => DmlKinds.Delete,
    };
}
