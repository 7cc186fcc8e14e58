namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>Form of a statement that the applier sends.</summary>
internal enum StatementShape
{
    /// <summary>Session control between the others; its result is not looked at.</summary>
    Control,

    /// <summary>Multi-row REPLACE, while the table is fuzzy.</summary>
    Replace,

    /// <summary>Multi-row INSERT; every row must be new.</summary>
    Insert,

    /// <summary>DELETE of keys, while the table is fuzzy: any number may be gone already.</summary>
    DeleteIfThere,

    /// <summary>DELETE of keys; every one must be there.</summary>
    Delete,

    /// <summary>UPDATE of one row by key or by its whole content; it must be there.</summary>
    Update,

    /// <summary>DELETE of one row by its whole content; it must be there.</summary>
    DeleteMatch,

    /// <summary>UPDATE or DELETE of the rows that a cascade changes, any number of them.</summary>
    Cascade,
}
