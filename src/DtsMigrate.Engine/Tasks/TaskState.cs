namespace DtsMigrate.Engine.Tasks;

/// <summary>State of a task. Legal transitions are in <c>TaskStateMachine</c>.</summary>
public enum TaskState
{
    /// <summary>Defined, never started.</summary>
    Created,

    /// <summary>The precheck runs.</summary>
    Prechecking,

    /// <summary>A precheck item failed.</summary>
    PrecheckFailed,

    /// <summary>The precheck passed.</summary>
    Ready,

    /// <summary>A worker has the task and connects.</summary>
    Starting,

    /// <summary>Schema migration.</summary>
    Schema,

    /// <summary>Full data migration.</summary>
    FullCopy,

    /// <summary>Incremental data migration has changes to catch up.</summary>
    CatchingUp,

    /// <summary>Incremental data migration keeps up with the source.</summary>
    Replicating,

    /// <summary>Data are being compared.</summary>
    Verifying,

    /// <summary>Writes move to the destination.</summary>
    CuttingOver,

    /// <summary>All asked for is done.</summary>
    Completed,

    /// <summary>Held by the user; resumes where it was.</summary>
    Suspended,

    /// <summary>Asked to stop; writes its checkpoint.</summary>
    Stopping,

    /// <summary>Stopped by the user; may be started again.</summary>
    Stopped,

    /// <summary>The worker died; shown when the state is active and no worker holds the lock.</summary>
    Interrupted,

    /// <summary>Waits before trying again after a transient failure.</summary>
    Retrying,

    /// <summary>Stopped by an error; may be started again once its cause is removed.</summary>
    Failed,
}
