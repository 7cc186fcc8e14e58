namespace DtsMigrate.Engine.Faults;

/// <summary>Handed to a retried action, to say that it has got somewhere.</summary>
public sealed class RetryScope
{
    private int _progressed;

    /// <summary>Something durable was achieved: the retry window starts anew at the next failure.</summary>
    public void ReportProgress() => Interlocked.Exchange(ref _progressed, 1);

    /// <summary>Reads and clears the mark.</summary>
    internal bool TakeProgress() => Interlocked.Exchange(ref _progressed, 0) == 1;
}
