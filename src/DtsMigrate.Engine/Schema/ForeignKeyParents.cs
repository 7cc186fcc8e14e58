using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Schema;

/// <summary>Finds the name on the destination of a foreign key's parent: the mapped name of a selected table, else its own name.</summary>
internal sealed class ForeignKeyParents
{
    private readonly Dictionary<string, TableRoute> _routes;

    /// <summary>Creates the map.</summary>
    /// <param name="routes">All selected tables.</param>
    /// <param name="ignoreCase">The source compares names without case.</param>
    public ForeignKeyParents(IReadOnlyList<TableRoute> routes, bool ignoreCase) =>
        _routes = routes.ToDictionary(r => Key(r.Source), ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>True when the parent is selected by the task.</summary>
    public bool IsSelected(QualifiedName parent) => _routes.ContainsKey(Key(parent));

    /// <summary>Name of the parent on the destination.</summary>
    public QualifiedName Map(QualifiedName parent) => _routes.TryGetValue(Key(parent), out var route) ? route.Destination : parent;

    private static string Key(QualifiedName table) => $"{table.Database}\0{table.Name}";
}
