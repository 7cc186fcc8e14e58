namespace DtsMigrate.Engine.Tasks;

/// <summary>How incremental data migration writes changes.</summary>
public enum ApplyMode
{
    /// <summary>Source transactions whole and in order while the stream keeps up; merged per row, many at once, while it is behind.</summary>
    Auto,

    /// <summary>Source transactions whole and in order, always.</summary>
    TransactionPreserving,
}
