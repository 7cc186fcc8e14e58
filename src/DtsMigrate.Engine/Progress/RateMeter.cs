namespace DtsMigrate.Engine.Progress;

/// <summary>
/// Rate of a growing counter: growth over time, both with weights that fall off exponentially. Bursts of chunks give a steady number, a stop is seen within
/// seconds, and before the time constant has passed the rate is the plain mean. Not thread safe.
/// </summary>
public sealed class RateMeter
{
    private readonly double _seconds;
    private bool _hasBase;
    private long _lastTotal;
    private double _lastTime;
    private double _growth;
    private double _time;

    /// <summary>Creates a meter.</summary>
    /// <param name="smoothing">Time constant; what is older than three of them hardly counts. Default ten seconds.</param>
    public RateMeter(TimeSpan? smoothing = null) => _seconds = (smoothing ?? TimeSpan.FromSeconds(10)).TotalSeconds;

    /// <summary>Growth per second; 0 until there are two observations.</summary>
    public double PerSecond
    {
        get
        {
            double rate = _time > 0 ? _growth / _time : 0;

            // The tail of the average never ends by itself; a hundredth of a row a second is nothing.
            return rate < 0.01 ? 0 : rate;
        }
    }

    /// <summary>Observes the counter. The first observation is the base: what was counted before does not count as growth.</summary>
    /// <param name="elapsed">Time on any steady clock.</param>
    /// <param name="total">The counter. A smaller value than before is a fresh start, not negative growth.</param>
    public void Observe(TimeSpan elapsed, long total)
    {
        double now = elapsed.TotalSeconds;
        double interval = now - _lastTime;
        if (_hasBase && interval <= 0)
        {
            return;
        }

        if (_hasBase)
        {
            double fade = Math.Exp(-interval / _seconds);
            _growth = (_growth * fade) + Math.Max(0, total - _lastTotal);
            _time = (_time * fade) + interval;
        }

        _hasBase = true;
        _lastTime = now;
        _lastTotal = total;
    }
}
