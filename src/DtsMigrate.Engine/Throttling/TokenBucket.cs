namespace DtsMigrate.Engine.Throttling;

/// <summary>
/// A rate limit that can be changed while others wait for it. Permits are earned over time and spent at once, in the order of asking: who asks for more
/// than there is takes the bucket into debt and waits until the debt is earned. Thread safe.
/// </summary>
internal sealed class TokenBucket(TimeProvider time)
{
    /// <summary>Seconds of permits that an idle bucket keeps: the greatest burst.</summary>
    private const double KeptSeconds = 0.2;

    /// <summary>A waiter looks this often whether the limit has changed.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    /// <summary>So long after its last wait a bucket still counts as slowing.</summary>
    private static readonly TimeSpan Afterglow = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private double _rate;
    private double _earned;
    private double _spent;
    private long _lastEarned = time.GetTimestamp();
    private int _waiting;
    private long _lastWait;
    private bool _hasWaited;
    private long _portion = long.MaxValue;

    /// <summary>Permits per second; 0 for no limit. A change takes hold of those who wait, too: what they owe is forgiven.</summary>
    public double Rate
    {
        get
        {
            lock (_gate)
            {
                return _rate;
            }
        }

        set
        {
            lock (_gate)
            {
                if (value.Equals(_rate))
                {
                    return;
                }

                Earn();
                _earned = _spent;
                _rate = value;
                Volatile.Write(ref _portion, value > 0 ? Math.Max(1, (long)(value / 20)) : long.MaxValue);
            }
        }
    }

    /// <summary>What should be asked for at once, at most, so that traffic flows evenly: a twentieth of a second's.</summary>
    public long Portion => Volatile.Read(ref _portion);

    /// <summary>Somebody waits, or has done so within the last two seconds.</summary>
    public bool IsSlowing
    {
        get
        {
            lock (_gate)
            {
                return _rate > 0 && (_waiting > 0 || (_hasWaited && time.GetElapsedTime(_lastWait) < Afterglow));
            }
        }
    }

    /// <summary>Spends permits, and waits until they are earned.</summary>
    public ValueTask TakeAsync(long permits, CancellationToken cancellationToken)
    {
        double due;
        lock (_gate)
        {
            if (_rate <= 0 || permits <= 0)
            {
                return ValueTask.CompletedTask;
            }

            Earn();
            _spent += permits;
            due = _spent;
            if (_earned >= due)
            {
                return ValueTask.CompletedTask;
            }

            _waiting++;
        }

        return new ValueTask(WaitAsync(due, cancellationToken));
    }

    private async Task WaitAsync(double due, CancellationToken cancellationToken)
    {
        try
        {
            while (Missing(due) is { } wait)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
                _hasWaited = true;
                _lastWait = time.GetTimestamp();
            }
        }
    }

    /// <summary>How long to wait before looking again; null when the permits are earned.</summary>
    private TimeSpan? Missing(double due)
    {
        lock (_gate)
        {
            if (_rate <= 0)
            {
                return null;
            }

            Earn();
            double seconds = (due - _earned) / _rate;

            // Timers count in milliseconds; less than one is as good as nothing, and sums are not exact.
            return seconds < 0.0005 ? null
                : seconds >= LongestWait.TotalSeconds ? LongestWait
                : TimeSpan.FromMilliseconds(Math.Ceiling(seconds * 1000));
        }
    }

    private void Earn()
    {
        long now = time.GetTimestamp();
        _earned = Math.Min(_earned + (time.GetElapsedTime(_lastEarned, now).TotalSeconds * _rate), _spent + (KeptSeconds * _rate));
        _lastEarned = now;
    }
}
