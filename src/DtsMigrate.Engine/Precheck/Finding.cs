namespace DtsMigrate.Engine.Precheck;

/// <summary>What a check has found about one target; the runner makes a <see cref="PrecheckResult"/> of it.</summary>
/// <param name="Outcome">Outcome.</param>
/// <param name="Target">Object concerned.</param>
/// <param name="Message">What was found.</param>
/// <param name="Recommendation">What to do, or null.</param>
/// <param name="FixSql">SQL that mends it, or null.</param>
internal sealed record Finding(PrecheckOutcome Outcome, string Target, string Message, string? Recommendation = null, string? FixSql = null)
{
    /// <summary>What a decision about the finding rests upon, where the message holds numbers that move by themselves; null for the message.</summary>
    public string? Evidence { get; init; }

    /// <summary>The longest list of names in a message; the rest is counted.</summary>
    private const int MostNames = 20;

    /// <summary>All is well.</summary>
    public static Finding Passed(string target, string message) => new(PrecheckOutcome.Passed, target, message);

    /// <summary>Worth knowing.</summary>
    public static Finding Warning(string target, string message, string recommendation, string? fixSql = null) => new(PrecheckOutcome.Warning, target, message, recommendation, fixSql);

    /// <summary>Blocks the start.</summary>
    public static Finding Failed(string target, string message, string recommendation, string? fixSql = null) => new(PrecheckOutcome.Failed, target, message, recommendation, fixSql);

    /// <summary>Does not apply to this task.</summary>
    public static Finding Skipped(string target, string message) => new(PrecheckOutcome.Skipped, target, message);

    /// <summary>Names for a message, cut after the first twenty.</summary>
    public static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : string.Empty);
}
