namespace DtsMigrate.Engine.Progress;

/// <summary>Where a task is, flat for pipelines. What <c>status.json</c> holds; replaced each second while a worker runs.</summary>
public sealed record MigrationStatus
{
    /// <summary>Task.</summary>
    public required string Name { get; init; }

    /// <summary>State: a name of <see cref="Tasks.TaskState"/>.</summary>
    public required string State { get; init; }

    /// <summary>The last station reached, for example <c>FullCopy</c>; stays while the state is Retrying, Stopping, Stopped, Failed or Interrupted.</summary>
    public string Phase { get; init; } = string.Empty;

    /// <summary>Share of the rows that are copied, 0..100; null before the tables are known.</summary>
    public double? Percent { get; init; }

    /// <summary>Tables whose copy is done.</summary>
    public int TablesDone { get; init; }

    /// <summary>Selected tables; 0 before they are known.</summary>
    public int TablesTotal { get; init; }

    /// <summary>Rows copied by full data migration and committed on the destination, over all runs of the task.</summary>
    public long RowsCopied { get; init; }

    /// <summary>Estimate of all rows to copy; never less than <see cref="RowsCopied"/>.</summary>
    public long RowsTotalEstimate { get; init; }

    /// <summary>Bytes copied, as sent to the destination.</summary>
    public long BytesCopied { get; init; }

    /// <summary>Rows copied per second, smoothed over about ten seconds.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>Megabytes (1,000,000 bytes) copied per second, smoothed likewise.</summary>
    public double MegabytesPerSecond { get; init; }

    /// <summary>Row changes applied by incremental data migration since the task began.</summary>
    public long ChangesApplied { get; init; }

    /// <summary>Row changes that incremental data migration has left out since the task began, because their kind, or the statement that made their table, is not selected.</summary>
    public long ChangesLeftOut { get; init; }

    /// <summary>Row changes applied per second, smoothed likewise.</summary>
    public double ChangesPerSecond { get; init; }

    /// <summary>Lag of the destination in seconds; 0 when everything that the source has executed is applied; null while unknown.</summary>
    public double? LagSeconds { get; init; }

    /// <summary>Seconds until the full copy is done or the stream has caught up; null while unknown or when nothing is left.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>Why the task is slower than it could be just now, by its throttle or by load limits; null when nothing holds it back.</summary>
    public string? ThrottleReason { get; init; }

    /// <summary>How incremental data migration writes changes now: <c>TransactionPreserving</c> or <c>Merging</c>; null before it writes, or when no worker runs.</summary>
    public string? ApplyMode { get; init; }

    /// <summary>Why it is that mode; null likewise.</summary>
    public string? ApplyModeReason { get; init; }

    /// <summary>Limit in force: queries per second to the source during full data migration; null without one, or when no worker runs.</summary>
    public long? FullQueriesPerSecondLimit { get; init; }

    /// <summary>Limit in force: rows per second of full data migration; null likewise.</summary>
    public long? FullRowsPerSecondLimit { get; init; }

    /// <summary>Limit in force: megabytes per second of full data migration; null likewise.</summary>
    public long? FullMegabytesPerSecondLimit { get; init; }

    /// <summary>Limit in force: row changes per second of incremental data migration; null likewise.</summary>
    public long? IncrementalRowsPerSecondLimit { get; init; }

    /// <summary>Limit in force: megabytes per second of incremental data migration; null likewise.</summary>
    public long? IncrementalMegabytesPerSecondLimit { get; init; }

    /// <summary>Position of the source that the stream has applied, in the text form of <see cref="Replication.SourcePosition"/>; null before the stream.</summary>
    public string? Position { get; init; }

    /// <summary>What threatens the task, in words; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>What the task does now, or why it is in its state.</summary>
    public string Message { get; init; } = string.Empty;

    /// <summary>The error that stopped the task, or that it waits over; null without one.</summary>
    public string? Error { get; init; }

    /// <summary>Stable code of the error.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>What to do about the error.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>Process that runs the task; null when none does.</summary>
    public int? WorkerPid { get; init; }

    /// <summary>Machine the last worker ran on.</summary>
    public string? Host { get; init; }

    /// <summary>When the task was first started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When this record was made.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Highest resident memory of the worker's process in MiB; 0 when it is not known.</summary>
    public double PeakMemoryMb { get; init; }
}
