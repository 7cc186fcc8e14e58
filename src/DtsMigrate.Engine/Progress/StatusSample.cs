namespace DtsMigrate.Engine.Progress;

/// <summary>A line of <c>samples.jsonl</c>: what a chart needs.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="State">State.</param>
/// <param name="RowsCopied">Rows copied so far.</param>
/// <param name="RowsPerSecond">Rows copied per second.</param>
/// <param name="MegabytesPerSecond">Megabytes copied per second.</param>
/// <param name="ChangesApplied">Row changes applied so far.</param>
/// <param name="ChangesPerSecond">Row changes applied per second.</param>
/// <param name="LagSeconds">Lag; null while unknown.</param>
public sealed record StatusSample(
    DateTimeOffset Time,
    string State,
    long RowsCopied,
    double RowsPerSecond,
    double MegabytesPerSecond,
    long ChangesApplied,
    double ChangesPerSecond,
    double? LagSeconds)
{
    /// <summary>The sample of a status.</summary>
    public static StatusSample Of(MigrationStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return new StatusSample(
            status.UpdatedAt, status.State, status.RowsCopied, status.RowsPerSecond, status.MegabytesPerSecond, status.ChangesApplied, status.ChangesPerSecond, status.LagSeconds);
    }
}
