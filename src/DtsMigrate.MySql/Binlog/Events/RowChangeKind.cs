namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>Kind of a row change.</summary>
public enum RowChangeKind
{
    /// <summary>A row was inserted.</summary>
    Insert,

    /// <summary>A row was changed.</summary>
    Update,

    /// <summary>A row was deleted.</summary>
    Delete,
}
