namespace DtsMigrate.Engine.Assessment;

/// <summary>What an item has found; a <see cref="AssessmentItem"/> is made of it.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Target">Object concerned.</param>
/// <param name="Message">What was found.</param>
/// <param name="Recommendation">What to do, or null.</param>
internal sealed record AssessmentFinding(AssessmentSeverity Severity, string Target, string Message, string? Recommendation = null)
{
    /// <summary>One finding about several objects; none when there are none. The list of names is cut, the rest is counted.</summary>
    public static IReadOnlyList<AssessmentFinding> About(AssessmentSeverity severity, IReadOnlyList<string> names, string message, string? recommendation = null) =>
        names.Count == 0 ? [] : [new AssessmentFinding(severity, names[0], $"{message}: {Precheck.Finding.List([.. names])}.", recommendation)];
}
