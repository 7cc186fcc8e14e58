using System.Buffers;
using DtsMigrate.MySql.Protocol;

namespace DtsMigrate.MySql.Session;

/// <summary>
/// The stream behind <see cref="LocalInfileWriter"/>. The buffer keeps four bytes free in front; a flush sends it in slices and writes
/// each slice's packet header over the four bytes before it, which have been sent already: no copy, no second buffer.
/// </summary>
internal sealed class LocalInfileStream : LocalInfileWriter, IDisposable
{
    private const int HeaderLength = 4;
    private const int FirstLength = 512 << 10;

    /// <summary>Well under the smallest sensible max_allowed_packet, and large enough that headers do not count.</summary>
    private const int SliceLength = 256 << 10;

    private readonly PacketOutput _output;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstLength);
    private int _end = HeaderLength;
    private bool _closed;

    public LocalInfileStream(PacketOutput output) => _output = output;

    public override int Buffered => _end - HeaderLength;

    public override Span<byte> GetSpan(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        int needed = Math.Max(sizeHint, 1);
        if (_buffer.Length - _end < needed)
        {
            Grow(needed);
        }

        return _buffer.AsSpan(_end);
    }

    public override void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _end);
        _end += count;
    }

    public override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        cancellationToken.ThrowIfCancellationRequested();
        int start = HeaderLength;
        int end = _end;
        _end = HeaderLength;
        while (start < end)
        {
            int length = Math.Min(SliceLength, end - start);
            _output.Frame(_buffer.AsSpan(start - HeaderLength, HeaderLength), length);
            await _output.WriteFramedAsync(_buffer.AsMemory(start - HeaderLength, HeaderLength + length)).ConfigureAwait(false);
            start += length;
        }
    }

    /// <summary>Drops what is buffered and sends the empty packet that ends the stream.</summary>
    public ValueTask EndAsync()
    {
        _closed = true;
        return _output.WritePayloadAsync(ReadOnlyMemory<byte>.Empty);
    }

    public void Dispose()
    {
        _closed = true;
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max((long)_buffer.Length * 2, (long)_end + needed), Array.MaxLength));
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
