namespace DtsMigrate.Testing;

/// <summary>The state that all connections of a proxy obey: whether bytes pass, how fast, and when the next reset is due.</summary>
internal sealed class ProxyGate
{
    private const int SlicesPerSecond = 20;

    private readonly Lock _lock = new();
    private TaskCompletionSource _open = Opened();
    private int _bytesPerSecond;
    private Trap? _trap;

    /// <summary>Lets bytes pass, at most this many per second, connection and direction; 0 means no limit.</summary>
    internal void Open(int bytesPerSecond)
    {
        lock (_lock)
        {
            _bytesPerSecond = bytesPerSecond;
            _open.TrySetResult();
        }
    }

    /// <summary>Lets nothing pass until <see cref="Open"/>.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            if (_open.Task.IsCompleted)
            {
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Arms a trap: it springs when this many more bytes have passed in this direction.</summary>
    internal Task Arm(ProxyDirection direction, long bytes)
    {
        lock (_lock)
        {
            _trap?.Sprung.TrySetCanceled();
            _trap = new Trap(direction, bytes);
            return _trap.Sprung.Task;
        }
    }

    /// <summary>Gives up a trap that will not spring any more.</summary>
    internal void Disarm()
    {
        lock (_lock)
        {
            _trap?.Sprung.TrySetCanceled();
            _trap = null;
        }
    }

    /// <summary>
    /// Waits until bytes may pass. Returns how many of <paramref name="wanted"/> may, the pause after them, and the trap that
    /// they spring, if any.
    /// </summary>
    internal async ValueTask<(int Allowed, TimeSpan Pause, TaskCompletionSource? Sprung)> PassAsync(
        ProxyDirection direction, int wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task open;
            lock (_lock)
            {
                open = _open.Task;
                if (open.IsCompleted)
                {
                    return Admit(direction, wanted);
                }
            }

            await open.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private (int Allowed, TimeSpan Pause, TaskCompletionSource? Sprung) Admit(ProxyDirection direction, int wanted)
    {
        var allowed = wanted;
        var pause = TimeSpan.Zero;
        if (_bytesPerSecond > 0)
        {
            allowed = Math.Min(allowed, Math.Max(1, _bytesPerSecond / SlicesPerSecond));
            pause = TimeSpan.FromSeconds((double)allowed / _bytesPerSecond);
        }

        if (_trap is not { } trap || trap.Direction != direction)
        {
            return (allowed, pause, null);
        }

        allowed = (int)Math.Min(allowed, trap.Left);
        trap.Left -= allowed;
        if (trap.Left > 0)
        {
            return (allowed, pause, null);
        }

        _trap = null;
        return (allowed, TimeSpan.Zero, trap.Sprung);
    }

    private sealed class Trap(ProxyDirection direction, long left)
    {
        internal ProxyDirection Direction { get; } = direction;

        internal long Left { get; set; } = left;

        internal TaskCompletionSource Sprung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
