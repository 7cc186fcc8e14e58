namespace DtsMigrate.MySql.Protocol;

/// <summary>
/// Calls back when an armed wait takes longer than its limit. One timer for the whole connection: arming allocates nothing.
/// Exactly one of <see cref="Disarm"/> returning true and the callback happens for each arming.
/// </summary>
internal sealed class SilenceWatchdog : IDisposable
{
    private const int Idle = 0;
    private const int Armed = 1;
    private const int Expired = 2;

    private readonly TimeProvider _time;
    private readonly Action _onExpired;
    private readonly ITimer _timer;
    private int _state;
    private long _armedAt;
    private long _limitTicks;

    public SilenceWatchdog(TimeProvider time, Action onExpired)
    {
        _time = time;
        _onExpired = onExpired;
        _timer = time.CreateTimer(static state => ((SilenceWatchdog)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Arm(TimeSpan limit)
    {
        if (limit == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        Volatile.Write(ref _limitTicks, limit.Ticks);
        Volatile.Write(ref _armedAt, _time.GetTimestamp());
        Volatile.Write(ref _state, Armed);
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <returns>False when the limit has passed and the callback was or is being called.</returns>
    public bool Disarm() => Interlocked.CompareExchange(ref _state, Idle, Armed) != Expired;

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        // A callback queued for an earlier arming can run late, and timers may fire early by their resolution: the clock decides.
        var left = TimeSpan.FromTicks(Volatile.Read(ref _limitTicks)) - _time.GetElapsedTime(Volatile.Read(ref _armedAt));
        if (left > TimeSpan.Zero)
        {
            if (Volatile.Read(ref _state) == Armed)
            {
                _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            }

            return;
        }

        if (Interlocked.CompareExchange(ref _state, Expired, Armed) == Armed)
        {
            _onExpired();
        }
    }
}
