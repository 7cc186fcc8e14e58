namespace DtsMigrate.Engine.Checkpoint;

/// <summary>Where a table is on its way. Kept in <c>dts_migrate.table_copy</c>.</summary>
public enum TableCopyState
{
    /// <summary>No chunk read yet: the stream's events for it are dropped, the copy will see their effect.</summary>
    Pending,

    /// <summary>Has its watermark and is being copied: its events are held.</summary>
    Copying,

    /// <summary>All chunks done; its events after the watermark are still to be applied.</summary>
    Copied,

    /// <summary>The stream was taken back to the watermark and is replaying this table's events.</summary>
    CatchingUp,

    /// <summary>Its position is the stream's position.</summary>
    Live,

    /// <summary>No longer part of the task: dropped on the source, or renamed to a name that is not selected.</summary>
    Removed,

    /// <summary>Its rows do not fit into the destination's table: the task goes on without it, and counts the changes that it leaves out.</summary>
    Stopped,
}
