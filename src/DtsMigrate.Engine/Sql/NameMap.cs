namespace DtsMigrate.Engine.Sql;

/// <summary>What objects of the source are called on the destination. Both functions give back what they do not know.</summary>
/// <param name="Table">Table, view or other object of a database.</param>
/// <param name="Database">Database.</param>
internal sealed record NameMap(Func<QualifiedName, QualifiedName> Table, Func<string, string> Database)
{
    /// <summary>New columns' names on the destination; null where they stay.</summary>
    public Func<string, string>? Column { get; init; }

    /// <summary>Collations on the destination; null where they stay.</summary>
    public Func<string, string>? Collation { get; init; }

    /// <summary>The database's name on the destination, with the object's: for routines, whose own names never change.</summary>
    public QualifiedName Routine(QualifiedName name) => name with { Database = Database(name.Database) };
}
