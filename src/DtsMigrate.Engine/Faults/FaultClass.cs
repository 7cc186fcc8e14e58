namespace DtsMigrate.Engine.Faults;

/// <summary>What to do about a failure.</summary>
public enum FaultClass
{
    /// <summary>Connection trouble: try again within retryFailedConnectionsMinutes.</summary>
    RetryConnection,

    /// <summary>Deadlock, lock wait, read-only for a moment and the like: try again within retryOtherIssuesMinutes.</summary>
    RetryOther,

    /// <summary>The statement is too large (1153): halve it and try again.</summary>
    Split,

    /// <summary>The server has no room: wait until it has, however long that takes, and tell the user.</summary>
    WaitForSpace,

    /// <summary>Access denied after it worked and the like: wait, poll, tell the user; within retryOtherIssuesMinutes.</summary>
    WaitForUser,

    /// <summary>Anything else: stop with the error.</summary>
    Stop,
}
