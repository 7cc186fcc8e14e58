namespace DtsMigrate.Engine.Precheck;

/// <summary>The last precheck of a task: what <c>precheck.json</c> holds.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Results">Its results, in order.</param>
public sealed record PrecheckRecord(DateTimeOffset At, IReadOnlyList<PrecheckResult> Results);
