namespace DtsMigrate.Engine.Throttling;

/// <summary>How loaded the servers may be before full data migration begins fewer chunks; 0 leaves a sign unwatched.</summary>
public sealed record LoadLimits
{
    /// <summary>Nothing is watched.</summary>
    public static LoadLimits None { get; } = new();

    /// <summary>Statements that run on the source at once (Threads_running), those of the copy included.</summary>
    public long ThreadsRunning { get; init; }

    /// <summary>Seconds that <see cref="Replica"/> may be behind; without one, the source itself where it is a replica of another server.</summary>
    public long ReplicaLagSeconds { get; init; }

    /// <summary>Old row versions of the source that are not purged (history list length).</summary>
    public long HistoryLength { get; init; }

    /// <summary>Statements that run on the destination at once, those of the copy included.</summary>
    public long DestinationThreadsRunning { get; init; }

    /// <summary>Age of the destination's last checkpoint in percent of its redo log's capacity.</summary>
    public long DestinationRedoPercent { get; init; }

    /// <summary>A replica of the source as <c>host:port</c>, reached with the source's account; null for none.</summary>
    public string? Replica { get; init; }
}
