namespace DtsMigrate.Engine.Progress;

/// <summary>
/// Rate of a growing counter, as a moving average whose weights fall off exponentially: bursts of chunks give a steady number, a stop is seen
/// within seconds. Not thread safe.
/// </summary>
public sealed class RateMeter
{
    private readonly double _seconds;
    private bool _hasBase;
    private bool _hasRate;
    private long _lastTotal;
    private double _lastTime;
    private double _rate;

    /// <summary>Creates a meter.</summary>
    /// <param name="smoothing">Time constant; what is older than three of them hardly counts. Default ten seconds.</param>
    public RateMeter(TimeSpan? smoothing = null) => _seconds = (smoothing ?? TimeSpan.FromSeconds(10)).TotalSeconds;

    /// <summary>Growth per second; 0 until there are two observations.</summary>
    public double PerSecond => _rate;

    /// <summary>Observes the counter. The first observation is the base: what was counted before does not count as growth.</summary>
    /// <param name="elapsed">Time on any steady clock.</param>
    /// <param name="total">The counter. A smaller value than before is a fresh start, not negative growth.</param>
    public void Observe(TimeSpan elapsed, long total)
    {
        double now = elapsed.TotalSeconds;
        if (!_hasBase)
        {
            _hasBase = true;
            _lastTime = now;
            _lastTotal = total;
            return;
        }

        double interval = now - _lastTime;
        if (interval <= 0)
        {
            return;
        }

        double current = Math.Max(0, total - _lastTotal) / interval;
        double weight = _hasRate ? 1 - Math.Exp(-interval / _seconds) : 1;
        _rate += weight * (current - _rate);

        // The tail of the average never ends by itself; a thousandth of a row a second is nothing.
        if (_rate < 0.001)
        {
            _rate = 0;
        }

        _hasRate = true;
        _lastTime = now;
        _lastTotal = total;
    }
}
