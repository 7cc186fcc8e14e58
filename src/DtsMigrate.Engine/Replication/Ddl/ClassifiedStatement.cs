namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>A statement and what it names.</summary>
/// <param name="Kind">Kind.</param>
internal sealed record ClassifiedStatement(StatementKind Kind)
{
    /// <summary>
    /// Tables that it creates, changes or removes. For <see cref="StatementKind.Dml"/> every name in it that could be a table's: more than it
    /// changes, never less.
    /// </summary>
    public IReadOnlyList<QualifiedName> Tables { get; init; } = [];

    /// <summary>Database that it creates, changes or removes.</summary>
    public string? Database { get; init; }

    /// <summary>Only creates what is not there: CREATE TABLE IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>Only removes: DROP TABLE.</summary>
    public bool IsDrop { get; init; }

    /// <summary>CREATE TABLE ... START TRANSACTION: it does not end the transaction, its rows follow.</summary>
    public bool RowsFollow { get; init; }

    /// <summary>Xid of an XA statement.</summary>
    public string? Xid { get; init; }
}
