namespace DtsMigrate.Engine.Assessment;

/// <summary>What the migration assessment of a task has found. Nothing in it keeps the task from starting.</summary>
public sealed record AssessmentReport
{
    /// <summary>Task.</summary>
    public required string Task { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Version of the source.</summary>
    public required string SourceVersion { get; init; }

    /// <summary>Version of the destination.</summary>
    public required string DestinationVersion { get; init; }

    /// <summary>Selected tables.</summary>
    public required int Tables { get; init; }

    /// <summary>Selected views, routines, triggers and events.</summary>
    public required int Objects { get; init; }

    /// <summary>Rows, by the source's estimate.</summary>
    public required long Rows { get; init; }

    /// <summary>Bytes of rows, by the source's estimate.</summary>
    public required long DataBytes { get; init; }

    /// <summary>Bytes of secondary indexes, by the source's estimate.</summary>
    public required long IndexBytes { get; init; }

    /// <summary>Time of schema migration in seconds, a cautious estimate.</summary>
    public required double SchemaSeconds { get; init; }

    /// <summary>Time of full data migration in seconds, a cautious estimate.</summary>
    public required double CopySeconds { get; init; }

    /// <summary>Duration of the assessment in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The findings, the worst first.</summary>
    public required IReadOnlyList<AssessmentItem> Items { get; init; }
}
