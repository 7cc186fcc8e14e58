using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Engine.Report;

/// <summary>What a report tells of a task; never with a secret.</summary>
public sealed record ReportData
{
    /// <summary>When the report was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Source as <c>user@host:port</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Destination as <c>user@host:port</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>What is migrated.</summary>
    public required string MigrationTypes { get; init; }

    /// <summary>What happens with tables that exist on the destination.</summary>
    public required string ConflictMode { get; init; }

    /// <summary>Environment that the task belongs to; null for none.</summary>
    public string? EnvironmentTag { get; init; }

    /// <summary>Where the task is.</summary>
    public required MigrationStatus Status { get; init; }

    /// <summary>Its tables.</summary>
    public required IReadOnlyList<TableStatus> Tables { get; init; }

    /// <summary>The last precheck with the approvals as they count now; null when there was none.</summary>
    public PrecheckRecord? Precheck { get; init; }

    /// <summary>States in their order.</summary>
    public required IReadOnlyList<ReportSpan> Timeline { get; init; }

    /// <summary>Rates and lag over time, at most a few hundred points.</summary>
    public required IReadOnlyList<StatusSample> Samples { get; init; }

    /// <summary>Warnings and errors of the log, the last ones.</summary>
    public required IReadOnlyList<LogEntry> Problems { get; init; }

    /// <summary>What the log says about DDL, the last entries.</summary>
    public required IReadOnlyList<LogEntry> Ddl { get; init; }
}
