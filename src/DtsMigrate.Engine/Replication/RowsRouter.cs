using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication;

/// <summary>Finds the table of a rows event, asks the gate, and checks that the rows can be read and applied exactly. Counts those of stopped tables.</summary>
internal sealed class RowsRouter(TableCatalog catalog, Gate gate, TableMapCheck mapCheck, LeftOutRows leftOut)
{
    private TableMapEvent? _lastMap;
    private TablePlan? _lastPlan;

    // The last event's table is selected and none of the task's, because the statement that made it is of a kind that is not selected.
    private bool _isLeftOut;

    /// <summary>True when the event changes a table of the task, or one that is left out.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code TableNotPlanned.</exception>
    public bool Concerns(RowsEvent rows, Gtid? gtid, BinlogCoordinate end) => Plan(rows.Table, gtid, end) is not null || _isLeftOut;

    /// <summary>The table to whose rows the event is to be applied; null when there is none.</summary>
    /// <param name="rows">Event.</param>
    /// <param name="gtid">GTID of the transaction that makes the change visible; null without GTID.</param>
    /// <param name="end">End of an event of that transaction.</param>
    /// <param name="held">Tables whose rows are known not to fit: they are not checked.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">
    /// Codes TableNotPlanned, TableDefinitionChanged, IncompleteRowImage.
    /// </exception>
    public TablePlan? Route(RowsEvent rows, Gtid? gtid, BinlogCoordinate end, HeldTables held)
    {
        if (Plan(rows.Table, gtid, end) is not { } table)
        {
            if (_isLeftOut)
            {
                leftOut.Add(rows, table: null);
            }

            return null;
        }

        var decision = gate.Decide(table.Number, gtid, end);
        if (decision == GateDecision.LeaveOut)
        {
            leftOut.Add(rows, table.Number);
        }

        if (decision != GateDecision.Apply)
        {
            return null;
        }

        if (!held.Holds(table.Number))
        {
            Verify(table, rows);
        }

        return table;
    }

    /// <summary>Fails when the rows cannot be read and applied exactly.</summary>
    public void Verify(TablePlan table, RowsEvent rows)
    {
        if (!ReferenceEquals(table.FittingMap, rows.Table))
        {
            mapCheck.Verify(table, rows.Table, rows.End);
            table.FittingMap = rows.Table;
        }

        ImageCheck.Verify(table, rows);
    }

    /// <summary>A transaction is over, or a table has another definition: nothing that was found counts any more.</summary>
    public void Forget() => _lastMap = null;

    /// <summary>What the event's changes have changed in other tables without its being logged; null when nothing. They may belong to the task though the table's own do not yet, or not any more.</summary>
    /// <param name="rows">Event.</param>
    /// <param name="gtid">GTID of the transaction that makes the change visible; null without GTID.</param>
    /// <param name="end">End of an event of that transaction.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">Codes TableNotPlanned, TableDefinitionChanged; CascadeUnknown (transient).</exception>
    public CascadeScope? Cascades(RowsEvent rows, Gtid? gtid, BinlogCoordinate end)
    {
        if (Plan(rows.Table, gtid, end) is not { } table || !TablePlan.MayCascade(rows))
        {
            return null;
        }

        IReadOnlyList<int> unknown = table.HasUnknownCascades ? [.. catalog.UnknownMiddles, table.Number] : catalog.UnknownMiddles;
        if (unknown.Count > 0 && FindBelow(unknown, gtid, end) is { } below)
        {
            throw ReplicationErrors.CascadeUnknown(table.Name, catalog[below].Name, rows.End);
        }

        if (table.Cascades.All(e => e.ActionOf(rows.Kind == RowChangeKind.Delete) == CascadeAction.None))
        {
            return null;
        }

        var scope = new CascadeScope(gate, table, gtid, end);
        if (!scope.ReachesAny(rows.Kind == RowChangeKind.Delete))
        {
            return null;
        }

        mapCheck.Verify(table, rows.Table, rows.End);
        return scope;
    }

    // A table whose rows are being changed and that a cascade through one of these comes to.
    private int? FindBelow(IEnumerable<int> tables, Gtid? gtid, BinlogCoordinate end)
    {
        var seen = new HashSet<int>();
        var left = new Stack<int>(tables);
        while (left.TryPop(out int table))
        {
            foreach (var link in catalog.Graph.From(table).Where(l => seen.Add(l.Child)))
            {
                if (gate.Decide(link.Child, gtid, end) == GateDecision.Apply)
                {
                    return link.Child;
                }

                left.Push(link.Child);
            }
        }

        return null;
    }

    // Rows events share their table map until it changes; what is found for it counts for one transaction. What is not in the catalog was part of the task earlier, before the place that High covers, or was gone before the tables were planned.
    private TablePlan? Plan(TableMapEvent map, Gtid? gtid, BinlogCoordinate end)
    {
        if (!ReferenceEquals(map, _lastMap))
        {
            var name = new QualifiedName(map.Database, map.Table);
            _isLeftOut = false;
            if (!catalog.TryFind(map.Database, map.Table, out var plan) && catalog.Selects(name) && !gate.High.Covers(gtid, end) && !gate.IsBeforePlan(gtid, end))
            {
                _isLeftOut = catalog.MayBeLeftOut(name) ? true : throw ReplicationErrors.UnplannedTable(name, end);
            }

            _lastMap = map;
            _lastPlan = plan;
        }

        return _lastPlan;
    }
}
