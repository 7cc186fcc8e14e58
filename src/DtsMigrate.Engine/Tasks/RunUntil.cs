namespace DtsMigrate.Engine.Tasks;

/// <summary>When a run ends by itself.</summary>
public enum RunUntil
{
    /// <summary>When all asked for is done; a task with incremental data migration runs until it is stopped.</summary>
    Completed,

    /// <summary>When the full copy is done and everything that the source had executed at that moment is applied.</summary>
    CaughtUp,
}
