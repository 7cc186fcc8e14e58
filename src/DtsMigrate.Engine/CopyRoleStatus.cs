namespace DtsMigrate.Engine;

/// <summary>What a worker in the role of a copier is at; its counters are its own share of the task.</summary>
public sealed record CopyRoleStatus
{
    /// <summary>Task.</summary>
    public required string Name { get; init; }

    /// <summary>Joining, Waiting, Copying, Retrying; at the end Completed, Left (the task's own worker is gone), Stopped or Failed.</summary>
    public required string State { get; init; }

    /// <summary>What happens, in words; may be empty.</summary>
    public required string Message { get; init; }

    /// <summary>Chunks copied.</summary>
    public long Chunks { get; init; }

    /// <summary>Rows copied and committed.</summary>
    public long RowsCopied { get; init; }

    /// <summary>Bytes copied, as sent.</summary>
    public long BytesCopied { get; init; }

    /// <summary>Rows a second just now.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>Megabytes (10^6 bytes) a second just now.</summary>
    public double MegabytesPerSecond { get; init; }

    /// <summary>Time since it was started.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>Why the copy is slowed just now; null when it is not.</summary>
    public string? ThrottleReason { get; init; }

    /// <summary>Machine.</summary>
    public required string Host { get; init; }

    /// <summary>Process.</summary>
    public int WorkerPid { get; init; }

    /// <summary>When this was so.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
