using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>
/// The cascading foreign keys among the tables of a task whose source does not log what cascades, and what they ask of the copy. A cascade is found out from the destination's own rows: so a
/// table's rows must be the source's at that very place of the log, unless its rows are only deleted and nothing depends on them.
/// </summary>
internal sealed class CascadeGraph
{
    private readonly Dictionary<int, CascadeTable> _tables;
    private readonly ILookup<int, CascadeLink> _byChild;
    private readonly ILookup<int, CascadeLink> _byParent;
    private readonly StringComparer _names;

    /// <summary>Finds the links.</summary>
    /// <param name="tables">All tables of the task.</param>
    /// <param name="names">How the source compares names of tables.</param>
    public CascadeGraph(IEnumerable<CascadeTable> tables, StringComparer names)
    {
        _names = names;
        _tables = tables.ToDictionary(t => t.Number);
        var byName = new Dictionary<(string, string), int>(_tables.Count);
        foreach (var table in _tables.Values)
        {
            byName[Key(table.Definition.Name)] = table.Number;
        }

        Links = [.. _tables.Values.SelectMany(t => t.ForeignKeys.Where(k => k.Cascades && byName.ContainsKey(Key(k.Parent))).Select(k => new CascadeLink(t.Number, byName[Key(k.Parent)], k)))];
        _byChild = Links.ToLookup(l => l.Child);
        _byParent = Links.ToLookup(l => l.Parent);
    }

    /// <summary>All links.</summary>
    public IReadOnlyList<CascadeLink> Links { get; }

    /// <summary>Links from a table to the tables whose rows its changes change.</summary>
    public IEnumerable<CascadeLink> From(int parent) => _byParent[parent];

    /// <summary>The table must be copied as of one position: rows are changed by cascade, or what cascades to others is found by them.</summary>
    public bool NeedsExactCopy(int number) => _byChild[number].Any() && (_byParent[number].Any() || _byChild[number].Any(l => !l.OnlyDeletes));

    /// <summary>Tables through which a cascade comes to this one and that have to be copied before it; none of those that it comes to from here, too.</summary>
    public IEnumerable<int> CopiedBefore(int number) => Through(number).Where(p => !Above(p).Contains(number));

    /// <summary>Tables whose changes may change this one's rows, however far.</summary>
    public IReadOnlyList<int> Above(int number)
    {
        var found = new HashSet<int>();
        var left = new Stack<int>([number]);
        while (left.TryPop(out int child))
        {
            foreach (var link in _byChild[child].Where(l => found.Add(l.Parent)))
            {
                left.Push(link.Parent);
            }
        }

        found.Remove(number);
        return [.. found.Order()];
    }

    /// <summary>Tables that must begin to catch up together with this one: chains of them by which a cascade goes through one to another.</summary>
    public IReadOnlyList<int> TiedTo(int number)
    {
        var found = new HashSet<int> { number };
        var left = new Stack<int>([number]);
        while (left.TryPop(out int table))
        {
            var next = Through(table).Concat(_byChild[table].Any() ? _byParent[table].Select(l => l.Child) : []);
            foreach (int other in next.Where(found.Add))
            {
                left.Push(other);
            }
        }

        found.Remove(number);
        return [.. found];
    }

    /// <summary>Name of a table.</summary>
    public QualifiedName NameOf(int number) => _tables[number].Definition.Name;

    /// <summary>What cannot be carried over exactly, in words; empty when everything can.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        foreach (var table in _tables.Values)
        {
            var missing = table.ForeignKeys.Where(k => k.Cascades && Links.All(l => l.Key != k)).Select(k => $"{table.Definition.Name} ({k.Name}): {k.Parent}, from which its rows are changed, is not selected");
            problems.AddRange(missing);
            var own = _byChild[table.Number].ToList();
            problems.AddRange(own.Where(l => !TypesAgree(l)).Select(l => $"{table.Definition.Name} ({l.Key.Name}): its columns are not of exactly the types of {l.Key.Parent}"));
            if (own.Any(l => !l.OnlyDeletes) && own.SelectMany(l => l.Key.Columns).GroupBy(c => c, StringComparer.OrdinalIgnoreCase).Any(g => g.Count() > 1))
            {
                problems.Add($"{table.Definition.Name}: a column is in two foreign keys that cascade");
            }

            if (Above(table.Number).Any(above => _byChild[above].Any() && Above(above).Contains(table.Number)))
            {
                problems.Add($"{table.Definition.Name}: its rows are changed from tables that are changed from it");
            }
        }

        return problems;
    }

    private IEnumerable<int> Through(int number) => _byChild[number].Select(l => l.Parent).Where(p => p != number && _byChild[p].Any()).Distinct();

    private (string Database, string Name) Key(QualifiedName name) => ReferenceEquals(_names, StringComparer.Ordinal) ? (name.Database, name.Name) : (name.Database.ToLowerInvariant(), name.Name.ToLowerInvariant());

    // What the parent's row has is written as it is into the child's.
    private bool TypesAgree(CascadeLink link)
    {
        var child = _tables[link.Child].Definition;
        var parent = _tables[link.Parent].Definition;
        return link.Key.Columns.Zip(link.Key.ParentColumns).All(pair =>
            Find(child, pair.First) is { } a && Find(parent, pair.Second) is { } b && a.DataType == b.DataType && a.IsUnsigned == b.IsUnsigned && a.Charset == b.Charset && a.Collation == b.Collation
            && a.DataType is not ("float" or "double" or "enum" or "set") && !b.IsGenerated);
    }

    private static ColumnDefinition? Find(TableDefinition table, string column) => table.Columns.FirstOrDefault(c => c.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
}
