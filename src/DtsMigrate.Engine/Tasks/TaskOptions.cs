using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Options of a task, each with its default.</summary>
public sealed record TaskOptions
{
    /// <summary>Minutes of retrying a lost or refused connection; 10..1440, default 720.</summary>
    public int RetryFailedConnectionsMinutes { get; init; } = 720;

    /// <summary>Minutes of retrying other transient failures; 1..1440, less than <see cref="RetryFailedConnectionsMinutes"/>, default 10.</summary>
    public int RetryOtherIssuesMinutes { get; init; } = 10;

    /// <summary>Days for which a failed task tries again by itself; 0..7, default 0: it stays Failed.</summary>
    public int AutoRecoveryDays { get; init; }

    /// <summary>
    /// Megabytes (2^20 bytes) of the task folder in which the source's binary log is kept ahead of the applier, so that the source may purge it; default 0: nothing is kept.
    /// </summary>
    public long BinlogSpoolMegabytes { get; init; }

    /// <summary>Write a row each second to <c>dts_migrate.heartbeat</c> on the source while the task runs; default false: nothing is written there.</summary>
    public bool Heartbeat { get; init; }

    /// <summary>How much full data migration takes; default Auto. <see cref="CopyThreads"/> and <see cref="ChunkBytes"/> win where they are given.</summary>
    public TaskSize Size { get; init; }

    /// <summary>Copy threads: one source and one destination connection each; 1..64, default by <see cref="Size"/>.</summary>
    public int CopyThreads
    {
        get => GivenCopyThreads ?? TaskSizes.Threads(Size);
        init => GivenCopyThreads = value;
    }

    /// <summary><see cref="CopyThreads"/> where they were given, else null.</summary>
    public int? GivenCopyThreads { get; private init; }

    /// <summary>Size aimed at for a chunk in bytes; 1 MiB..256 MiB, default by <see cref="Size"/>.</summary>
    public long ChunkBytes
    {
        get => GivenChunkBytes ?? TaskSizes.ChunkBytes(Size);
        init => GivenChunkBytes = value;
    }

    /// <summary><see cref="ChunkBytes"/> where they were given, else null.</summary>
    public long? GivenChunkBytes { get; private init; }

    /// <summary>Write our changes to the destination's own binary log; default true. False needs a privilege and leaves the destination's replicas without the data.</summary>
    public bool DestinationBinlog { get; init; } = true;

    /// <summary>When indexes that rows do not need are built; default <see cref="LateIndexes.Auto"/>.</summary>
    public LateIndexes LateIndexes { get; init; }

    /// <summary>How changes are written while the stream is behind; default <see cref="ApplyMode.Auto"/>.</summary>
    public ApplyMode ApplyMode { get; init; }

    /// <summary>Whose rights views, routines, triggers and events have on the destination; default <see cref="DefinerMode.Destination"/>.</summary>
    public DefinerMode DefinerMode { get; init; }

    /// <summary>Capital and small letters in names on the destination; default <see cref="NameCapitalization.Default"/>. May not change once the task has begun.</summary>
    public NameCapitalization Capitalization { get; init; }

    /// <summary>Collations that become others on the destination; default none. May not change once the task has begun.</summary>
    public CollationMap CollationMap { get; init; } = CollationMap.None;

    /// <summary>When triggers are created; default <see cref="TriggerMethod.Manual"/>.</summary>
    public TriggerMethod TriggerMethod { get; init; }

    /// <summary>Events are migrated: created disabled, enabled at the end; default true.</summary>
    public bool MigrateEvents { get; init; } = true;

    /// <summary>What happens when the destination refuses a DDL statement of the source; default <see cref="DdlFailurePolicy.Stop"/>.</summary>
    public DdlFailurePolicy DdlFailure { get; init; }

    /// <summary>What becomes of generated values that depend on the session; default <see cref="GeneratedColumnPolicy.Exact"/>.</summary>
    public GeneratedColumnPolicy GeneratedColumns { get; init; }

    /// <summary>What becomes of the temporary tables of online DDL tools; default <see cref="OnlineDdlMode.CopyTables"/>. May not change once the task has begun.</summary>
    public OnlineDdlOptions OnlineDdl { get; init; } = OnlineDdlOptions.CopyTables;

    /// <summary>server_id used to read the binary log; 0 (default) draws one that no connected replica uses.</summary>
    public uint ReplicaServerId { get; init; }

    /// <summary>How much the task may ask of its servers; default no limits.</summary>
    public ThrottleLimits Throttle { get; init; } = ThrottleLimits.None;

    /// <summary>Load of the servers above which full data migration slows down; default nothing is watched.</summary>
    public LoadLimits LoadLimits { get; init; } = LoadLimits.None;

    /// <summary>Settings of the destination server to change while rows are copied; default none.</summary>
    public DestinationTuning DestinationTuning { get; init; }

    /// <summary>A warning of the precheck that nobody has approved keeps the task from starting; default false.</summary>
    public bool RequireApprovals { get; init; }

    /// <summary>The precheck of a start is followed by the migration assessment, which blocks nothing; with schema migration only; default false.</summary>
    public bool MigrationAssessment { get; init; }

    /// <summary>What the task tells about itself, and whom; default nothing.</summary>
    public AlertOptions Alerts { get; init; } = AlertOptions.None;

    /// <summary>Environment that the task belongs to, for example <c>production</c>: for lists and reports, without effect on the run; 1..32 characters, null for none.</summary>
    public string? EnvironmentTag { get; init; }
}
