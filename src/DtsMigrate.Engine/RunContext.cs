using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine;

/// <summary>What every station of a run shares.</summary>
public sealed record RunContext
{
    /// <summary>The task.</summary>
    public required MigrationTask Task { get; init; }

    /// <summary>Opens sessions to the source.</summary>
    public required ServerConnector Source { get; init; }

    /// <summary>Opens sessions to the destination.</summary>
    public required ServerConnector Destination { get; init; }

    /// <summary>What the source is.</summary>
    public required ServerFacts SourceFacts { get; init; }

    /// <summary>What the destination is.</summary>
    public required ServerFacts DestinationFacts { get; init; }

    /// <summary>Progress on the destination.</summary>
    public required CheckpointStore Store { get; init; }

    /// <summary>Retries.</summary>
    public required RetryPolicy Retry { get; init; }

    /// <summary>Live numbers.</summary>
    public required RunMetrics Metrics { get; init; }

    /// <summary>Log.</summary>
    public required IRunLog Log { get; init; }

    /// <summary>Clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Limits of the traffic; none by default.</summary>
    public Throttle Throttle { get; init; } = new(ThrottleLimits.None, TimeProvider.System);

    /// <summary>How many chunks may be copied at once.</summary>
    public CopyGovernor Governor { get; init; } = new(int.MaxValue);

    /// <summary>
    /// A table may be cleared on the destination and copied: the task copies, and rows that were there before it are not kept.
    /// </summary>
    public bool CanCopyAgain => Task.MigrationTypes.HasFlag(MigrationTypes.Full) && Task.ConflictMode == ConflictMode.PrecheckAndReportErrors;

    /// <summary>Where the source's binary log may be spooled; null for nowhere.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>What the task selects, between these servers. Made anew at each call.</summary>
    internal ObjectSelection Select() => new(Task, NameCase.Of(Task.Options.Capitalization, SourceFacts, DestinationFacts));

    /// <summary>The task carries changes on.</summary>
    public bool IsIncremental => Task.MigrationTypes.HasFlag(MigrationTypes.Incremental);
}
