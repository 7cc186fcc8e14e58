namespace DtsMigrate.Engine.FullCopy;

/// <summary>Why a worker that had joined a copy has ended.</summary>
internal enum JoinEnd
{
    /// <summary>All tables are copied.</summary>
    CopyDone,

    /// <summary>The task's own worker has given no sign of life for long, and no chunk is left.</summary>
    WorkerGone,

    /// <summary>The task has a new worker of its own: join again under its lease.</summary>
    NewLease,
}
