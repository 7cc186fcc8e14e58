using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Binlog.Values;

namespace DtsMigrate.Engine.Replication;

/// <summary>Finds the table of a rows event, asks the gate, and checks that the rows can be read and applied exactly. Counts those of stopped tables.</summary>
internal sealed class RowsRouter(TableCatalog catalog, Gate gate, TableMapCheck mapCheck)
{
    private readonly RowsReader _counter = new();
    private readonly Dictionary<int, long> _leftOut = [];
    private readonly Dictionary<int, long> _leftOutNow = [];
    private TableMapEvent? _lastMap;
    private TablePlan? _lastPlan;

    /// <summary>True when the event changes a table of the task.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code TableNotPlanned.</exception>
    public bool Concerns(RowsEvent rows, Gtid? gtid, BinlogCoordinate end) => Plan(rows.Table, gtid, end) is not null;

    /// <summary>The table to whose rows the event is to be applied; null when there is none.</summary>
    /// <param name="rows">Event.</param>
    /// <param name="gtid">GTID of the transaction that makes the change visible; null without GTID.</param>
    /// <param name="end">End of an event of that transaction.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">
    /// Codes TableNotPlanned, TableDefinitionChanged, IncompleteRowImage.
    /// </exception>
    public TablePlan? Route(RowsEvent rows, Gtid? gtid, BinlogCoordinate end)
    {
        if (Plan(rows.Table, gtid, end) is not { } table)
        {
            return null;
        }

        var decision = gate.Decide(table.Number, gtid, end);
        if (decision == GateDecision.LeaveOut)
        {
            _leftOutNow[table.Number] = _leftOutNow.GetValueOrDefault(table.Number) + Count(rows);
        }

        if (decision != GateDecision.Apply)
        {
            return null;
        }

        mapCheck.Verify(table, rows.Table);
        ImageCheck.Verify(table, rows);
        return table;
    }

    /// <summary>Row changes of stopped tables in whole transactions that are not written yet, by table number: to be written with the position behind them.</summary>
    public IReadOnlyDictionary<int, long> LeftOut => _leftOut;

    /// <summary>They are written.</summary>
    public void LeftOutWritten() => _leftOut.Clear();

    /// <summary>A source transaction is complete.</summary>
    public void TransactionEnds()
    {
        if (_leftOutNow.Count == 0)
        {
            return;
        }

        foreach (var (table, count) in _leftOutNow)
        {
            _leftOut[table] = _leftOut.GetValueOrDefault(table) + count;
        }

        _leftOutNow.Clear();
    }

    private long Count(RowsEvent rows)
    {
        _counter.Reset(rows);
        long count = 0;
        while (_counter.Read())
        {
            count++;
        }

        return count;
    }

    /// <summary>What the event's changes have changed in other tables without its being logged; null when nothing. They may belong to the task though the table's own do not yet, or not any more.</summary>
    /// <param name="rows">Event.</param>
    /// <param name="gtid">GTID of the transaction that makes the change visible; null without GTID.</param>
    /// <param name="end">End of an event of that transaction.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">Codes TableNotPlanned, TableDefinitionChanged.</exception>
    public CascadeScope? Cascades(RowsEvent rows, Gtid? gtid, BinlogCoordinate end)
    {
        if (Plan(rows.Table, gtid, end) is not { } table || !table.CascadesFrom(rows) || table.Cascades.All(e => e.ActionOf(rows.Kind == RowChangeKind.Delete) == CascadeAction.None))
        {
            return null;
        }

        var scope = new CascadeScope(gate, table, gtid, end);
        if (!scope.ReachesAny(rows.Kind == RowChangeKind.Delete))
        {
            return null;
        }

        mapCheck.Verify(table, rows.Table);
        return scope;
    }

    // Row events of a statement share their table map. What is not in the catalog was part of the task earlier, before the place that High covers, or was gone before the tables were planned.
    private TablePlan? Plan(TableMapEvent map, Gtid? gtid, BinlogCoordinate end)
    {
        if (!ReferenceEquals(map, _lastMap))
        {
            if (!catalog.TryFind(map.Database, map.Table, out var plan) && catalog.Selects(new QualifiedName(map.Database, map.Table)) && !gate.High.Covers(gtid, end) && !gate.IsBeforePlan(gtid, end))
            {
                throw ReplicationErrors.UnplannedTable(new QualifiedName(map.Database, map.Table), map.End);
            }

            _lastMap = map;
            _lastPlan = plan;
        }

        return _lastPlan;
    }
}
