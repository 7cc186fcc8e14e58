using DtsMigrate.Engine.Progress;

namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Asks the source once a second how far it is and what time it has, and keeps the lag (<see cref="LagMeter"/>).
/// </summary>
internal sealed class SourceMonitor(SourceProbe probe, RunMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private volatile SourceStatus? _latest;
    private volatile SourcePosition? _applied;
    private readonly LagMeter _lag = new();

    /// <summary>True when everything that the source had executed at the last look is applied.</summary>
    public bool IsCaughtUp => _latest is { } latest && _applied is { } applied && applied.Covers(latest.Position);

    /// <summary>The applier's progress.</summary>
    /// <param name="position">Everything at or before it is applied and committed.</param>
    /// <param name="commitMicroseconds">Commit time of its last transaction on the source; 0 when there was none.</param>
    public void Applied(SourcePosition position, long commitMicroseconds)
    {
        _applied = position;
        _lag.Applied(commitMicroseconds);
    }

    /// <summary>Runs until stopped or the session fails.</summary>
    /// <param name="stopping">Ends it between two questions: the session stays good for others.</param>
    /// <param name="cancellationToken">Cancels a question, too.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken cancellationToken)
    {
        while (!stopping.IsCancellationRequested)
        {
            var status = await probe.ReadStatusAsync(cancellationToken).ConfigureAwait(false);
            _latest = status;
            metrics.LagSeconds = _lag.Observe(status.NowMicroseconds, IsCaughtUp);
            await Task.Delay(Period, time, stopping).ConfigureAwait(false);
        }
    }
}
