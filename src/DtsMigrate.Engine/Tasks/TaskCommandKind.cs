namespace DtsMigrate.Engine.Tasks;

/// <summary>What can be asked of a worker.</summary>
public enum TaskCommandKind
{
    /// <summary>Write a checkpoint and end.</summary>
    Stop,

    /// <summary>Change the throttle.</summary>
    Throttle,

    /// <summary>Write a checkpoint and write nothing more until resumed. A worker with a spool goes on pulling the source's binary log; another one ends.</summary>
    Suspend,

    /// <summary>Go on after <see cref="Suspend"/>.</summary>
    Resume,
}
