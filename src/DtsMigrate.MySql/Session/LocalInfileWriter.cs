namespace DtsMigrate.MySql.Session;

/// <summary>
/// The stream that answers a LOCAL INFILE request: bytes written here become packets to the server. Awaiting a flush is the
/// back-pressure. Buffers are pooled; nothing is allocated per row.
/// </summary>
public abstract class LocalInfileWriter
{
    /// <summary>Space to write at least <paramref name="sizeHint"/> bytes into.</summary>
    public abstract Span<byte> GetSpan(int sizeHint);

    /// <summary>Commits bytes written to the span.</summary>
    public abstract void Advance(int count);

    /// <summary>Bytes committed and not yet sent. Flush when it passes about 256 KiB.</summary>
    public abstract int Buffered { get; }

    /// <summary>Sends what is buffered as one or more packets.</summary>
    public abstract ValueTask FlushAsync(CancellationToken cancellationToken);
}
