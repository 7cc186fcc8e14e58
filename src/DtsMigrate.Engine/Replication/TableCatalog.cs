using System.Diagnostics.CodeAnalysis;
using DtsMigrate.Engine.Replication.Cascades;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Replication;

/// <summary>The task's tables by their names on the source, compiled for the applier.</summary>
internal sealed class TableCatalog
{
    private readonly ObjectSelection _selection;
    private readonly Dictionary<string, Dictionary<string, TablePlan>> _byName;
    private readonly Dictionary<int, TablePlan> _byNumber = [];

    public TableCatalog(ObjectSelection selection, IReadOnlyList<TableRoute> routes)
    {
        _selection = selection;
        _byName = new Dictionary<string, Dictionary<string, TablePlan>>(selection.NameComparer);
        foreach (var route in routes)
        {
            Put(route);
        }

        MarkCascades();
    }

    /// <summary>Adds a table, or takes over another definition or name of one. Between source transactions only.</summary>
    public void Set(TableRoute route)
    {
        Take(route.Number);
        Put(route);
        MarkCascades();
    }

    /// <summary>Takes a table out, if it is there.</summary>
    public void Remove(int number)
    {
        Take(number);
        MarkCascades();
    }

    /// <summary>The cascading foreign keys among the tables.</summary>
    public CascadeGraph Graph { get; private set; } = new([], StringComparer.Ordinal);

    /// <summary>
    /// Tables that DDL has brought in and whose foreign keys are not known until their copy begins, while other tables' keys cascade from them: a cascade from any table may go through them.
    /// </summary>
    public IReadOnlyList<int> UnknownMiddles { get; private set; } = [];

    /// <summary>What the task selects.</summary>
    public ObjectSelection Selection => _selection;

    /// <summary>Name on the destination of a table of the source; its own name when it is not selected.</summary>
    public QualifiedName ToDestination(QualifiedName source) =>
        TryFind(source.Database, source.Name, out var plan) ? plan.Route.Destination : _selection.MapReference(source);

    /// <summary>Name on the source of a table of the destination; its own name when it is not the task's.</summary>
    public QualifiedName ToSource(QualifiedName destination) => _byNumber.Values.FirstOrDefault(t => t.Route.Destination == destination)?.Name ?? destination;

    public IEnumerable<TablePlan> All => _byNumber.Values;

    public TablePlan this[int number] => _byNumber[number];

    /// <summary>Finds a table of the task.</summary>
    public bool TryFind(string database, string table, [NotNullWhen(true)] out TablePlan? plan)
    {
        plan = null;
        return _byName.TryGetValue(database, out var tables) && tables.TryGetValue(table, out plan);
    }

    /// <summary>The table would be selected, whether it is part of the task or not.</summary>
    public bool Selects(QualifiedName table) => _selection.Selects(table);

    /// <summary>A selected table may be none of the task's, because the statement that gave it its name is of a kind that is not selected.</summary>
    public bool MayBeLeftOut(QualifiedName table) =>
        _selection.OperationsOf(table) is var operations && !(operations.Has(DdlKind.CreateTable) && operations.Has(DdlKind.RenameTable) && operations.Has(DdlKind.AlterTable));

    /// <summary>Some of the database is selected.</summary>
    public bool SelectsDatabase(string database) => _selection.SelectsDatabase(database);

    /// <summary>Tables of the task in a database.</summary>
    public IEnumerable<TablePlan> InDatabase(string database) => _byName.TryGetValue(database, out var tables) ? tables.Values : [];

    private void Take(int number)
    {
        if (_byNumber.Remove(number, out var plan) && TryFind(plan.Name.Database, plan.Name.Name, out var named) && named == plan)
        {
            _byName[plan.Name.Database].Remove(plan.Name.Name);
        }
    }

    private void Put(TableRoute route)
    {
        if (!_byName.TryGetValue(route.Source.Database, out var tables))
        {
            _byName.Add(route.Source.Database, tables = new Dictionary<string, TablePlan>(_selection.NameComparer));
        }

        var plan = new TablePlan(route, _selection.OperationsOf(route.Source).Dml ?? DmlKinds.All) { MayJoinKeys = _selection.Collations.MayJoinKeys(route.Definition) };
        tables[route.Source.Name] = plan;
        _byNumber.Add(route.Number, plan);
    }

    // Tables that are tied by foreign keys, however far, are marked together if any of those keys cascades.
    private void MarkCascades()
    {
        Graph = new CascadeGraph(_byNumber.Values.Select(t => new CascadeTable(t.Number, t.Route.Definition, t.ForeignKeys)), _selection.NameComparer);
        foreach (var table in _byNumber.Values)
        {
            table.NeedsExactCopy = table.MayJoinKeys || Graph.NeedsExactCopy(table.Number);
            var edges = Graph.From(table.Number).Select(l => CascadeEdge.TryOf(l, _byNumber[l.Child], table)).ToList();
            table.HasUnknownCascades = edges.Contains(null);
            table.Cascades = [.. edges.OfType<CascadeEdge>()];
        }

        UnknownMiddles = [.. _byNumber.Values.Where(t => t.Route.Definition.CreateSql.Length == 0 && Graph.From(t.Number).Any()).Select(t => t.Number)];
        var group = _byNumber.Keys.ToDictionary(number => number, number => number);
        var cascading = new HashSet<int>();
        foreach (var table in _byNumber.Values)
        {
            foreach (var key in table.ForeignKeys)
            {
                if (TryFind(key.Parent.Database, key.Parent.Name, out var parent))
                {
                    group[Root(group, table.Number)] = Root(group, parent.Number);
                }

                if (key.Cascades)
                {
                    cascading.Add(table.Number);
                }
            }
        }

        var marked = cascading.Select(number => Root(group, number)).ToHashSet();
        foreach (var table in _byNumber.Values)
        {
            table.HasCascades = marked.Contains(Root(group, table.Number));
        }
    }

    private static int Root(Dictionary<int, int> group, int number)
    {
        while (group[number] != number)
        {
            number = group[number] = group[group[number]];
        }

        return number;
    }
}
