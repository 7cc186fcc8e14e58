using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication;

/// <summary>Finds the table of a rows event, asks the gate, and checks that the rows can be read and applied exactly.</summary>
internal sealed class RowsRouter(TableCatalog catalog, Gate gate, TableMapCheck mapCheck)
{
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
        if (Plan(rows.Table, gtid, end) is not { } table || gate.Decide(table.Number, gtid, end) != GateDecision.Apply)
        {
            return null;
        }

        mapCheck.Verify(table, rows.Table);
        ImageCheck.Verify(table, rows);
        return table;
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
