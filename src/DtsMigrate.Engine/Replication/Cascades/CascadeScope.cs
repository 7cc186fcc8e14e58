using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>Decides, for the cascades of one event, which tables they are applied to.</summary>
/// <param name="gate">Gate.</param>
/// <param name="parent">The table that the event changes.</param>
/// <param name="gtid">GTID of the transaction that makes the change visible; null without GTID.</param>
/// <param name="end">End of an event of that transaction.</param>
internal sealed class CascadeScope(Gate gate, TablePlan parent, Gtid? gtid, BinlogCoordinate end)
{
    /// <summary>The table that the event changes.</summary>
    public TablePlan Parent => parent;

    /// <summary>The table's rows are to be changed.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code CascadeNotExact: they are not the source's at this place.</exception>
    public bool Applies(TablePlan table)
    {
        if (gate.Decide(table.Number, gtid, end) != GateDecision.Apply)
        {
            return false;
        }

        return !table.NeedsExactCopy || !gate.IsFuzzy(table.Number) || table.Key is null || gate.WasCopiedAtOnce(table.Number)
            ? true
            : throw ReplicationErrors.CascadeNotExact(parent.Name, table.Name, "it was copied while it changed", end);
    }

    /// <summary>Some table that a cascade may come to is being applied to.</summary>
    public bool ReachesAny(bool isDelete)
    {
        var seen = new HashSet<TablePlan>();
        var left = new Stack<TablePlan>(parent.Cascades.Where(e => e.ActionOf(isDelete) != CascadeAction.None).Select(e => e.Child));
        while (left.TryPop(out var table))
        {
            if (seen.Add(table))
            {
                if (gate.Decide(table.Number, gtid, end) == GateDecision.Apply)
                {
                    return true;
                }

                foreach (var edge in table.Cascades)
                {
                    left.Push(edge.Child);
                }
            }
        }

        return false;
    }

    /// <summary>A cascade goes through a table to which it is not applied: what it does to others cannot be known.</summary>
    public Exception Unknown(TablePlan through, TablePlan table) => ReplicationErrors.CascadeNotExact(parent.Name, table.Name, $"it comes through {through.Name}, whose rows are of another time", end);
}
