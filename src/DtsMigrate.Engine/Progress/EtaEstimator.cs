namespace DtsMigrate.Engine.Progress;

/// <summary>
/// Time left. While copying: rows left by the estimates over the rate. While catching up: lag over the speed at which it shrinks.
/// Null rather than a guess that means nothing. Not thread safe.
/// </summary>
public sealed class EtaEstimator
{
    /// <summary>The longest time that is shown; what is longer is as good as unknown.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    private const double LeastSeen = 0.001;

    // The speed at which lag shrinks is taken over about this long.
    private static readonly TimeSpan LagSmoothing = TimeSpan.FromSeconds(15);

    private double? _lastLag;
    private double _lastTime;
    private double? _shrinkPerSecond;

    /// <summary>Seconds until the copy is done.</summary>
    /// <param name="rowsLeft">Rows left.</param>
    /// <param name="rowsSeen">Rows whose copying was observed.</param>
    /// <param name="rowsPerSecond">Rows per second.</param>
    /// <returns>Null also while too little was seen: the first few rows, of a small table or before the first chunk of a large one, foretell nothing.</returns>
    public static double? ForCopy(long rowsLeft, long rowsSeen, double rowsPerSecond) =>
        rowsLeft <= 0 || rowsSeen < rowsLeft * LeastSeen ? null : Cap(rowsLeft / rowsPerSecond);

    /// <summary>Observes the lag.</summary>
    /// <param name="elapsed">Time on any steady clock.</param>
    /// <param name="lagSeconds">Lag; null while unknown, which forgets what was seen.</param>
    /// <returns>Seconds until it is 0; null when it does not shrink or is 0.</returns>
    public double? ForCatchUp(TimeSpan elapsed, double? lagSeconds)
    {
        double now = elapsed.TotalSeconds;
        if (lagSeconds is not { } lag)
        {
            _lastLag = null;
            _shrinkPerSecond = null;
            return null;
        }

        if (_lastLag is { } last && now > _lastTime)
        {
            double interval = now - _lastTime;
            double speed = (last - lag) / interval;
            double weight = 1 - Math.Exp(-interval / LagSmoothing.TotalSeconds);
            _shrinkPerSecond = _shrinkPerSecond is { } known ? known + (weight * (speed - known)) : speed;
        }

        _lastLag = lag;
        _lastTime = now;
        return lag > 0 && _shrinkPerSecond is > 0 ? Cap(lag / _shrinkPerSecond.Value) : null;
    }

    private static double? Cap(double seconds) => double.IsFinite(seconds) && seconds <= Longest.TotalSeconds ? Math.Ceiling(seconds) : null;
}
