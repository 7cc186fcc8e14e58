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

    /// <summary><see cref="TaskOptions.CopyThreads"/>.</summary>
    public static TaskOptionRange CopyThreads { get; } = new("copyThreads", 1, 64);

    /// <summary><see cref="TaskOptions.ChunkBytes"/>.</summary>
    public static TaskOptionRange ChunkBytes { get; } = new("chunkBytes", 1L << 20, 256L << 20);

    /// <summary><see cref="TaskOptions.ReplicaServerId"/>; 0 draws one.</summary>
    public static TaskOptionRange ReplicaServerId { get; } = new("replicaServerId", 0, uint.MaxValue);

    /// <summary>True when the value is legal.</summary>
    public bool Contains(long value) => value >= Minimum && value <= Maximum;
}
