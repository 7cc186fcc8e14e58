using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine;

/// <summary>Name of a table with its database. Compared by ordinal: names arrive as the server stores them.</summary>
/// <param name="Database">Database.</param>
/// <param name="Name">Table.</param>
public readonly record struct QualifiedName(string Database, string Name)
{
    /// <summary>Quoted for SQL.</summary>
    public string ToSql() => SqlText.Name(Database, Name);

    /// <inheritdoc/>
    public override string ToString() => $"{Database}.{Name}";
}
