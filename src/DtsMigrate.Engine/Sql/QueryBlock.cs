namespace DtsMigrate.Engine.Sql;

/// <summary>One SELECT, UPDATE, DELETE or INSERT and the names by which its columns may be qualified.</summary>
/// <param name="parent">The block that it is nested in.</param>
internal sealed class QueryBlock(QueryBlock? parent)
{
    // The table that a name stands for; null for an alias.
    private readonly Dictionary<string, QualifiedName?> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Records an alias, or a table that goes by its own name.</summary>
    public void Define(string name, QualifiedName? table) => _names.TryAdd(name, table);

    /// <summary>Finds what a qualifier stands for.</summary>
    /// <param name="name">Qualifier.</param>
    /// <param name="table">The table; null for an alias.</param>
    /// <returns>False when nothing in scope has this name.</returns>
    public bool TryResolve(string name, out QualifiedName? table)
    {
        for (var block = this; block is not null; block = block.Parent)
        {
            if (block._names.TryGetValue(name, out table))
            {
                return true;
            }
        }

        table = null;
        return false;
    }

    private QueryBlock? Parent => parent;
}
