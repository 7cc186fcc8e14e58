using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Options of a task, each with its default.</summary>
public sealed record TaskOptions
{
    /// <summary>Minutes of retrying a lost or refused connection; 10..1440, default 720.</summary>
    public int RetryFailedConnectionsMinutes { get; init; } = 720;

    /// <summary>Minutes of retrying other transient failures; 1..1440, less than <see cref="RetryFailedConnectionsMinutes"/>, default 10.</summary>
    public int RetryOtherIssuesMinutes { get; init; } = 10;

    /// <summary>Copy threads: one source and one destination connection each; 1..64, default 4.</summary>
    public int CopyThreads { get; init; } = 4;

    /// <summary>Size aimed at for a chunk in bytes; 1 MiB..256 MiB, default 16 MiB.</summary>
    public long ChunkBytes { get; init; } = 16 << 20;

    /// <summary>Write our changes to the destination's own binary log; default true. False needs a privilege and leaves the destination's replicas without the data.</summary>
    public bool DestinationBinlog { get; init; } = true;

    /// <summary>When indexes that rows do not need are built; default <see cref="LateIndexes.Auto"/>.</summary>
    public LateIndexes LateIndexes { get; init; }

    /// <summary>server_id used to read the binary log; 0 (default) draws one that no connected replica uses.</summary>
    public uint ReplicaServerId { get; init; }

    /// <summary>How much the task may ask of its servers; default no limits.</summary>
    public ThrottleLimits Throttle { get; init; } = ThrottleLimits.None;
}
