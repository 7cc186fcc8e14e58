namespace DtsMigrate.Engine.Throttling;

/// <summary>Rows and bytes of one phase under their limits. Charged in portions by whoever moves rows; nothing is done per row. Thread safe.</summary>
internal sealed class Pace(TokenBucket rows, TokenBucket bytes)
{
    /// <summary>A pace without limits.</summary>
    public static Pace Free { get; } = new(new TokenBucket(TimeProvider.System), new TokenBucket(TimeProvider.System));

    /// <summary>Rows that may gather before they are charged.</summary>
    public long PortionOfRows => rows.Portion;

    /// <summary>Bytes, likewise.</summary>
    public long PortionOfBytes => bytes.Portion;

    /// <summary>So much is to be charged now, before more is gathered.</summary>
    public bool IsDue(long rowCount, long byteCount) => rowCount >= rows.Portion || byteCount >= bytes.Portion;

    /// <summary>Charges, and waits until it may be sent.</summary>
    public ValueTask ChargeAsync(long rowCount, long byteCount, CancellationToken cancellationToken)
    {
        ValueTask first = rows.TakeAsync(rowCount, cancellationToken);
        ValueTask second = bytes.TakeAsync(byteCount, cancellationToken);
        return first.IsCompletedSuccessfully ? second : BothAsync(first, second);
    }

    private static async ValueTask BothAsync(ValueTask first, ValueTask second)
    {
        // Both run already; the longer one counts.
        Task other = second.AsTask();
        try
        {
            await first.ConfigureAwait(false);
        }
        finally
        {
            await other.ConfigureAwait(false);
        }
    }
}
