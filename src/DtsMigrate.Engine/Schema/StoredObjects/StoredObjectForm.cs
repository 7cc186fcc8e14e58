namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>How a stored object is made while and after the migration writes rows.</summary>
internal enum StoredObjectForm
{
    /// <summary>While the migration writes: triggers guarded, events disabled.</summary>
    Interim,

    /// <summary>As on the source.</summary>
    Final,
}
