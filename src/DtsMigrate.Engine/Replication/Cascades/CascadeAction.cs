namespace DtsMigrate.Engine.Replication.Cascades;

/// <summary>What a change of the parent's row does to rows of the child.</summary>
internal enum CascadeAction
{
    /// <summary>Nothing: RESTRICT, NO ACTION, or none written.</summary>
    None,

    /// <summary>Deletes them, or gives them the new values.</summary>
    Cascade,

    /// <summary>Sets the foreign key's columns to NULL.</summary>
    SetNull,
}
