namespace DtsMigrate.Engine.Tasks;

/// <summary>What <c>state.json</c> holds: the state, and why.</summary>
public sealed record TaskStateRecord
{
    /// <summary>State.</summary>
    public TaskState State { get; init; }

    /// <summary>The last station reached; empty before the first.</summary>
    public string Phase { get; init; } = string.Empty;

    /// <summary>Why the task went to this state.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When the task was first started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The error behind Failed, PrecheckFailed or Retrying.</summary>
    public string? Error { get; init; }

    /// <summary>Its stable code.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction { get; init; }
}
