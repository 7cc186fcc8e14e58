using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication.Rows;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// What a statement that takes names away or gives new ones (DROP, RENAME) means for the tables of the task, worked out name by name in its order. Tables that are not complete
/// leave the task under their old name, and are copied anew under the new one; a table that came into being after the statement and has one of its names already stays as it is.
/// </summary>
internal sealed class NamePlan(TableCatalog catalog, IReadOnlyList<TableCopyRecord> records, Func<TablePlan, TableStage> stageOf)
{
    // Names that the statement has changed so far: the table that has it now; null for none.
    private readonly Dictionary<QualifiedName, TablePlan?> _names = [];
    private readonly HashSet<QualifiedName> _added = [];

    /// <summary>Tables to drop on the destination.</summary>
    public HashSet<QualifiedName> Drops { get; } = [];

    /// <summary>Tables to rename on the destination, in order.</summary>
    public List<(QualifiedName From, QualifiedName To, TablePlan Table)> Moves { get; } = [];

    /// <summary>Complete tables that leave the task.</summary>
    public List<TablePlan> Leaving { get; } = [];

    /// <summary>Tables that leave the task before their copy was complete.</summary>
    public List<TableCopyRecord> Abandoned { get; } = [];

    /// <summary>Complete tables with their new names on the source.</summary>
    public Dictionary<TablePlan, QualifiedName> Renamed { get; } = [];

    /// <summary>Names under which tables with rows come into the selection.</summary>
    public IReadOnlyCollection<QualifiedName> Added => _added;

    /// <summary>Names that stopped tables get: the task goes on without them under these, too.</summary>
    public Dictionary<QualifiedName, TablePlan> Stopped { get; } = [];

    /// <summary>Tables that leave the task and stay on the destination, because it does not carry the statement over for them.</summary>
    public List<QualifiedName> Detached { get; } = [];

    /// <summary>Nothing of the task is concerned.</summary>
    public bool IsEmpty => Stopped.Count == 0 && Drops.Count == 0 && Moves.Count == 0 && Leaving.Count == 0 && Abandoned.Count == 0 && _added.Count == 0;

    /// <summary>A table is dropped.</summary>
    public void Drop(QualifiedName name)
    {
        if (Find(name) is { } table)
        {
            Leave(name, table, dropped: true);
        }
        else
        {
            DropLeftover(name);
        }
    }

    /// <summary>A table is dropped or gets another name, and the task does not carry that over.</summary>
    public void Detach(QualifiedName name)
    {
        if (Find(name) is { } table && stageOf(table) is TableStage.Complete or TableStage.Incomplete)
        {
            Leave(name, table, dropped: false);
            Detached.Add(name);
        }
    }

    /// <summary>A table gets another name.</summary>
    public void Rename(QualifiedName from, QualifiedName to)
    {
        bool selected = catalog.Selects(to);
        bool comes = selected && Find(to) is null && !_added.Contains(to);
        if (_added.Remove(from))
        {
            // Came into the selection, or was to be copied anew, earlier in the same statement.
            Add(to, comes);
            return;
        }

        if (Find(from) is not { } table)
        {
            DropLeftover(from);
            Add(to, comes);
            return;
        }

        // The name of a stopped table stays stopped, whichever table has it: what the destination has there is not the task's.
        bool isStopped = Find(to) is { } other && stageOf(other) == TableStage.Stopped;
        switch (stageOf(table))
        {
            case TableStage.Stopped:
                if (comes)
                {
                    Stopped[to] = table;
                    _names[to] = table;
                }

                break;
            case TableStage.Complete when comes:
                Moves.Add((DestinationOf(table), catalog.Selection.Map(to), table));
                DropLeftover(to);
                Renamed[table] = to;
                _names[from] = null;
                _names[to] = table;
                break;
            case TableStage.Complete:
                // Another table has the new name by now, or the name is not selected: then its rows stay where they are.
                Leave(from, table, dropped: selected && !isStopped);
                break;
            case TableStage.Incomplete:
                Leave(from, table, dropped: !isStopped);
                Add(to, comes);
                break;
            default:
                Add(to, comes);
                break;
        }
    }

    /// <summary>The table has a name at this point of the statement.</summary>
    public TablePlan? Find(QualifiedName name) =>
        _names.TryGetValue(name, out var changed) ? changed : catalog.TryFind(name.Database, name.Name, out var table) ? table : null;

    private void Add(QualifiedName name, bool comes)
    {
        if (comes)
        {
            _added.Add(name);
        }
    }

    private void Leave(QualifiedName name, TablePlan table, bool dropped)
    {
        var stage = stageOf(table);
        if (stage is TableStage.Later or TableStage.Stopped)
        {
            return;
        }

        _names[name] = null;
        if (stage == TableStage.Complete)
        {
            // It gets none of the names that the statement has given it so far; what has the last one, if any, is another table.
            Leaving.Add(table);
            Renamed.Remove(table);
            Moves.RemoveAll(m => m.Table == table);
        }
        else
        {
            Abandoned.Add(records.Single(r => r.Number == table.Number));
        }

        if (dropped)
        {
            Drops.Add(DestinationOf(table));
        }
    }

    // What a worker that was ended has taken out of the task and not dropped yet, or what has left the selection earlier.
    private void DropLeftover(QualifiedName name)
    {
        foreach (var record in records.Where(r => r.State == TableCopyState.Removed && r.Source == name && catalog.All.All(t => t.Route.Destination != r.Destination)))
        {
            Drops.Add(record.Destination);
        }
    }

    private QualifiedName DestinationOf(TablePlan table) => Renamed.TryGetValue(table, out var name) ? catalog.Selection.Map(name) : table.Route.Destination;
}
