namespace DtsMigrate.Engine.Checkpoint;

/// <summary>What became of a DDL statement of the source.</summary>
public enum DdlOutcome
{
    /// <summary>It is being run on the destination, or a worker was ended while it was.</summary>
    Begun,

    /// <summary>Carried out.</summary>
    Done,

    /// <summary>The destination refused it; the task stops there, or tries again.</summary>
    Failed,

    /// <summary>The destination refused it and it was left out, as the task asks.</summary>
    Skipped,

    /// <summary>The task does not select statements of its kind.</summary>
    Filtered,

    /// <summary>Not run now: triggers are created at the cutover.</summary>
    Deferred,
}
