namespace DtsMigrate.Engine.Tasks;

/// <summary>What can be asked of a worker.</summary>
public enum TaskCommandKind
{
    /// <summary>Write a checkpoint and end.</summary>
    Stop,

    /// <summary>Change the throttle.</summary>
    Throttle,

    /// <summary>Write a checkpoint and end, to be resumed later.</summary>
    Suspend,
}
