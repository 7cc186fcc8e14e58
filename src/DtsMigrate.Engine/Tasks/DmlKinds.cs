namespace DtsMigrate.Engine.Tasks;

/// <summary>Kinds of row changes that incremental data migration applies.</summary>
[Flags]
public enum DmlKinds
{
    /// <summary>No row changes.</summary>
    None = 0,

    /// <summary>New rows.</summary>
    Insert = 1,

    /// <summary>Changed rows, also those whose key changes.</summary>
    Update = 2,

    /// <summary>Removed rows.</summary>
    Delete = 4,

    /// <summary>Every kind.</summary>
    All = Insert | Update | Delete,
}
