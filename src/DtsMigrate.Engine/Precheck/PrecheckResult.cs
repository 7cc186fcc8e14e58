namespace DtsMigrate.Engine.Precheck;

/// <summary>Result of one precheck item, flat for pipelines.</summary>
public sealed record PrecheckResult
{
    /// <summary>Task.</summary>
    public required string Task { get; init; }

    /// <summary>Stable code of the item, for example <c>BinlogFormat</c>.</summary>
    public required string Check { get; init; }

    /// <summary>Category: Connectivity, Privileges, BinaryLog, Objects, Settings.</summary>
    public required string Category { get; init; }

    /// <summary>Passed, Warning, Approved, Failed, Ignored, Skipped.</summary>
    public required string Outcome { get; init; }

    /// <summary>Object concerned: source, destination, a table.</summary>
    public required string Target { get; init; }

    /// <summary>What was found, with observed and required values.</summary>
    public required string Message { get; init; }

    /// <summary>What to do; null when passed.</summary>
    public string? Recommendation { get; init; }

    /// <summary>SQL that mends it, where there is one.</summary>
    public string? FixSql { get; init; }

    /// <summary>What an approval or ignoring rests upon, where the message holds numbers that move by themselves; null for the message.</summary>
    public string? Evidence { get; init; }

    /// <summary>Who approved the warning; null when nobody did.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>When it was approved.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>Why it was approved.</summary>
    public string? ApprovedReason { get; init; }

    /// <summary>A failure of this item may be ignored, by somebody who knows why it does no harm.</summary>
    public bool CanIgnore { get; init; }

    /// <summary>Skipped because an earlier item failed, or because the account may not look; not because it does not apply.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>Why it is ignored; null when it is not.</summary>
    public string? IgnoredReason { get; init; }

    /// <summary>Who ignored it.</summary>
    public string? IgnoredBy { get; init; }

    /// <summary>When it was ignored.</summary>
    public DateTimeOffset? IgnoredAt { get; init; }

    /// <summary>Duration in milliseconds.</summary>
    public double DurationMs { get; init; }
}
