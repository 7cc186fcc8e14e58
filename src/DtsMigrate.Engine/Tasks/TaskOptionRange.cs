namespace DtsMigrate.Engine.Tasks;

/// <summary>Legal values of the numeric members of a task definition; the one place that knows them.</summary>
/// <param name="Member">Name in JSON.</param>
/// <param name="Minimum">Least value.</param>
/// <param name="Maximum">Greatest value.</param>
public sealed record TaskOptionRange(string Member, long Minimum, long Maximum)
{
    /// <summary><c>port</c> of a connection.</summary>
    public static TaskOptionRange Port { get; } = new("port", 1, 65535);

    /// <summary><see cref="TaskOptions.RetryFailedConnectionsMinutes"/>.</summary>
    public static TaskOptionRange RetryFailedConnectionsMinutes { get; } = new("retryFailedConnectionsMinutes", 10, 1440);

    /// <summary><see cref="TaskOptions.RetryOtherIssuesMinutes"/>.</summary>
    public static TaskOptionRange RetryOtherIssuesMinutes { get; } = new("retryOtherIssuesMinutes", 1, 1440);

    /// <summary><see cref="TaskOptions.AutoRecoveryDays"/>.</summary>
    public static TaskOptionRange AutoRecoveryDays { get; } = new("autoRecoveryDays", 0, 7);

    /// <summary><see cref="TaskOptions.BinlogSpoolMegabytes"/>.</summary>
    public static TaskOptionRange BinlogSpoolMegabytes { get; } = new("binlogSpoolMegabytes", 0, 16_777_216);

    /// <summary><see cref="TaskOptions.CopyThreads"/>.</summary>
    public static TaskOptionRange CopyThreads { get; } = new("copyThreads", 1, 64);

    /// <summary><see cref="TaskOptions.ChunkBytes"/>.</summary>
    public static TaskOptionRange ChunkBytes { get; } = new("chunkBytes", 1L << 20, 256L << 20);

    /// <summary><see cref="TaskOptions.ReplicaServerId"/>; 0 draws one.</summary>
    public static TaskOptionRange ReplicaServerId { get; } = new("replicaServerId", 0, uint.MaxValue);

    /// <summary><see cref="Throttling.ThrottleLimits.FullQueriesPerSecond"/>.</summary>
    public static TaskOptionRange FullQueriesPerSecond { get; } = new("fullQueriesPerSecond", 0, 1_000_000);

    /// <summary><see cref="Throttling.ThrottleLimits.FullRowsPerSecond"/>.</summary>
    public static TaskOptionRange FullRowsPerSecond { get; } = new("fullRowsPerSecond", 0, 1_000_000_000);

    /// <summary><see cref="Throttling.ThrottleLimits.FullMegabytesPerSecond"/>.</summary>
    public static TaskOptionRange FullMegabytesPerSecond { get; } = new("fullMegabytesPerSecond", 0, 1_000_000);

    /// <summary><see cref="Throttling.ThrottleLimits.IncrementalRowsPerSecond"/>.</summary>
    public static TaskOptionRange IncrementalRowsPerSecond { get; } = new("incrementalRowsPerSecond", 0, 1_000_000_000);

    /// <summary><see cref="Throttling.ThrottleLimits.IncrementalMegabytesPerSecond"/>.</summary>
    public static TaskOptionRange IncrementalMegabytesPerSecond { get; } = new("incrementalMegabytesPerSecond", 0, 1_000_000);

    /// <summary><see cref="Throttling.LoadLimits.ThreadsRunning"/>.</summary>
    public static TaskOptionRange ThreadsRunning { get; } = new("threadsRunning", 0, 100_000);

    /// <summary><see cref="Throttling.LoadLimits.ReplicaLagSeconds"/>.</summary>
    public static TaskOptionRange ReplicaLagSeconds { get; } = new("replicaLagSeconds", 0, 86_400);

    /// <summary><see cref="Throttling.LoadLimits.HistoryLength"/>.</summary>
    public static TaskOptionRange HistoryLength { get; } = new("historyLength", 0, 1_000_000_000);

    /// <summary><see cref="Throttling.LoadLimits.DestinationThreadsRunning"/>.</summary>
    public static TaskOptionRange DestinationThreadsRunning { get; } = new("destinationThreadsRunning", 0, 100_000);

    /// <summary><see cref="Throttling.LoadLimits.DestinationRedoPercent"/>.</summary>
    public static TaskOptionRange DestinationRedoPercent { get; } = new("destinationRedoPercent", 0, 100);

    /// <summary><see cref="Alerts.AlertOptions.LagSeconds"/>; 0 for never.</summary>
    public static TaskOptionRange AlertLagSeconds { get; } = new("lagSeconds", 0, 86_400);

    /// <summary><see cref="Alerts.AlertOptions.FullMigrationMinutes"/>; 0 for never.</summary>
    public static TaskOptionRange AlertFullMigrationMinutes { get; } = new("fullMigrationMinutes", 0, 525_600);

    /// <summary>True when the value is legal.</summary>
    public bool Contains(long value) => value >= Minimum && value <= Maximum;
}
