namespace DtsMigrate.Engine.Progress;

/// <summary>A line of <c>events.jsonl</c>.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Level">Level.</param>
/// <param name="Phase">Phase, for example <c>FullCopy</c>.</param>
/// <param name="Message">What happened.</param>
public sealed record LogEntry(DateTimeOffset Time, LogLevel Level, string Phase, string Message);
