namespace DtsMigrate.Engine.Faults;

/// <summary>Handed to a retried action, to say that it has got somewhere. Thread safe.</summary>
public sealed class RetryScope
{
    private readonly Action? _onRecovered;
    private int _progressed;
    private int _failing;

    /// <summary>Creates a scope that nobody listens to.</summary>
    public RetryScope()
    {
    }

    internal RetryScope(Action onRecovered) => _onRecovered = onRecovered;

    /// <summary>Something durable was achieved: the retry window starts anew at the next failure.</summary>
    public void ReportProgress()
    {
        Interlocked.Exchange(ref _progressed, 1);
        Recover();
    }

    /// <summary>A try has failed and another one follows.</summary>
    internal void Fail() => Interlocked.Exchange(ref _failing, 1);

    /// <summary>Tells the listener once, if there was a failure to recover from.</summary>
    internal void Recover()
    {
        if (Interlocked.Exchange(ref _failing, 0) == 1)
        {
            _onRecovered?.Invoke();
        }
    }

    /// <summary>Reads and clears the mark.</summary>
    internal bool TakeProgress() => Interlocked.Exchange(ref _progressed, 0) == 1;
}
