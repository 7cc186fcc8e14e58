namespace DtsMigrate.Engine.Precheck;

/// <summary>Outcome of one precheck item.</summary>
public enum PrecheckOutcome
{
    /// <summary>Fine.</summary>
    Passed,

    /// <summary>Worth knowing; does not block.</summary>
    Warning,

    /// <summary>Blocks the start.</summary>
    Failed,

    /// <summary>Failed, and does not block because somebody has decided so.</summary>
    Ignored,

    /// <summary>Could not be judged because an earlier item failed, or does not apply to this task.</summary>
    Skipped,

    /// <summary>A warning that somebody has approved.</summary>
    Approved,
}
