namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Bytes of one or more events, counted by who holds them. With the last holder gone they are used for other events.</summary>
/// <param name="pool">Where it goes back to.</param>
/// <param name="length">Bytes.</param>
internal sealed class EventBlock(EventPool pool, int length)
{
    private int _holders = 1;
    private int _used;

    /// <summary>The bytes.</summary>
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(length);

    /// <summary>Room for more.</summary>
    public int Room => Bytes.Length - _used;

    /// <summary>Keeps bytes, and their event as a holder.</summary>
    public Memory<byte> Append(ReadOnlySpan<byte> bytes)
    {
        Interlocked.Increment(ref _holders);
        bytes.CopyTo(Bytes.AsSpan(_used));
        var kept = Bytes.AsMemory(_used, bytes.Length);
        _used += bytes.Length;
        return kept;
    }

    /// <summary>A holder is gone. Thread safe.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            pool.Return(this);
        }
    }

    /// <summary>Begins anew, with one holder.</summary>
    public void Renew()
    {
        _holders = 1;
        _used = 0;
    }
}
