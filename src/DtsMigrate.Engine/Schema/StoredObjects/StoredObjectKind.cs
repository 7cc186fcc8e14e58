namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>Kind of a stored object (MySQL manual, "Stored Objects"), in the order in which kinds are created.</summary>
public enum StoredObjectKind
{
    /// <summary>Code that routines of other languages import (9.2 and later).</summary>
    Library,

    /// <summary>A stored function.</summary>
    Function,

    /// <summary>A stored procedure.</summary>
    Procedure,

    /// <summary>A view.</summary>
    View,

    /// <summary>A trigger.</summary>
    Trigger,

    /// <summary>An event of the scheduler.</summary>
    Event,
}
