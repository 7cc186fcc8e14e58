namespace DtsMigrate.Engine.Report;

/// <summary>A time that the task was in one state.</summary>
/// <param name="State">State.</param>
/// <param name="Start">From.</param>
/// <param name="End">Until; for the state that the task is in, the last sign of it.</param>
/// <param name="Reason">Why it went there.</param>
public sealed record ReportSpan(string State, DateTimeOffset Start, DateTimeOffset End, string Reason)
{
    /// <summary>Length in seconds.</summary>
    public double Seconds => Math.Max(0, (End - Start).TotalSeconds);
}
