using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication;

/// <summary>Finds the table of a rows event, asks the gate, and checks that the rows can be read and applied exactly.</summary>
internal sealed class RowsRouter(TableCatalog catalog, Gate gate, TableMapCheck mapCheck)
{
    private TableMapEvent? _lastMap;
    private TablePlan? _lastPlan;

    /// <summary>The table to whose rows the event is to be applied; null when there is none.</summary>
    /// <param name="rows">Event.</param>
    /// <param name="transaction">Its transaction; for XA the table is noted there, applied or not.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">
    /// Codes TableNotPlanned, TableDefinitionChanged, IncompleteRowImage, XaNotSupported.
    /// </exception>
    public TablePlan? Route(RowsEvent rows, SourceTransaction transaction)
    {
        if (Plan(rows.Table) is not { } table)
        {
            return null;
        }

        transaction.NoteTime(rows.Header.Timestamp);
        if (transaction.Xid is not null)
        {
            transaction.XaTables.Add(table.Number);
        }

        if (gate.Decide(table.Number, transaction.Gtid, rows.End) != GateDecision.Apply)
        {
            return null;
        }

        if (transaction.Xid is { } xid)
        {
            throw ReplicationErrors.Xa($"XA transaction {xid} changes {table.Name}", rows.End);
        }

        mapCheck.Verify(table, rows.Table);
        ImageCheck.Verify(table, rows);
        return table;
    }

    // Row events of a statement share their table map.
    private TablePlan? Plan(TableMapEvent map)
    {
        if (!ReferenceEquals(map, _lastMap))
        {
            if (!catalog.TryFind(map.Database, map.Table, out var plan) && catalog.Selects(new QualifiedName(map.Database, map.Table)))
            {
                throw ReplicationErrors.UnplannedTable(new QualifiedName(map.Database, map.Table), map.End);
            }

            _lastMap = map;
            _lastPlan = plan;
        }

        return _lastPlan;
    }
}
