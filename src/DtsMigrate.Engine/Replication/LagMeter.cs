namespace DtsMigrate.Engine.Replication;

/// <summary>
/// Lag: how old the oldest transaction is that may not be applied yet. It was committed after the last applied one, and after the last look that found all applied; so an idle source whose first
/// transaction in an hour has just been committed shows no hour. Times are microseconds since 1970 UTC by the source's clock. Thread safe.
/// </summary>
internal sealed class LagMeter
{
    private long _lastCommit;
    private long _caughtUpAt;

    /// <summary>A transaction is applied.</summary>
    /// <param name="commitMicroseconds">Its commit time on the source; 0 when it is not known.</param>
    public void Applied(long commitMicroseconds)
    {
        if (commitMicroseconds != 0)
        {
            Interlocked.Exchange(ref _lastCommit, commitMicroseconds);
        }
    }

    /// <summary>Looks at the source's clock.</summary>
    /// <param name="nowMicroseconds">The clock.</param>
    /// <param name="isCaughtUp">Everything that the source had executed then is applied.</param>
    /// <returns>Seconds; 0 when all is applied, null while unknown.</returns>
    public double? Observe(long nowMicroseconds, bool isCaughtUp)
    {
        if (isCaughtUp)
        {
            Interlocked.Exchange(ref _caughtUpAt, nowMicroseconds);
            return 0;
        }

        long since = Math.Max(Interlocked.Read(ref _lastCommit), Interlocked.Read(ref _caughtUpAt));
        return since == 0 ? null : Math.Max(0, nowMicroseconds - since) / 1e6;
    }
}
