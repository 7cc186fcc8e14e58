using System.Buffers;
using System.Runtime.Intrinsics;

namespace DtsMigrate.MySql.Compression;

/// <summary>
/// The bytes decoded last: what matches may refer to, and what the consumer has not taken yet. One buffer that grows with what is decoded, never by what a header
/// announces, to the window and some room; when it is full, the window moves to its start.
/// </summary>
/// <remarks>Invariant: 0 &lt;= _taken &lt;= _length &lt;= _buffer.Length - Slack; [_taken, _length) is not taken yet.</remarks>
internal sealed class DecodedHistory : IDisposable
{
    /// <summary>Room behind the last byte, so that short pieces are copied as one vector.</summary>
    public const int Slack = 16;

    private const int FirstLength = 64 << 10;
    private const int LeastRoom = 256 << 10;
    private const int MostRoom = 16 << 20;

    private byte[] _buffer = [];
    private int _length;
    private int _taken;
    private int _window;

    /// <summary>Bytes that are not taken yet.</summary>
    public ReadOnlySpan<byte> Pending => _buffer.AsSpan(_taken, _length - _taken);

    /// <summary>A frame begins.</summary>
    /// <param name="window">How far back matches may reach, in bytes.</param>
    public void Reset(int window)
    {
        _length = 0;
        _taken = 0;
        _window = window;
    }

    /// <summary>Marks bytes as taken.</summary>
    public void Take(int count) => _taken += count;

    /// <summary>Makes room for a block. Only when everything was taken.</summary>
    public void Reserve(int count)
    {
        if (_buffer.Length - Slack - _length >= count)
        {
            return;
        }

        int room = Math.Max(LeastRoom, Math.Min(_window / 2, MostRoom));
        int most = _window + room + Slack;
        int kept = Math.Min(_length, _window);
        if (_buffer.Length >= most || kept + count + Slack <= _buffer.Length / 2)
        {
            _buffer.AsSpan(_length - kept, kept).CopyTo(_buffer);
        }
        else
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(most, Math.Max(FirstLength, (2L * (kept + count)) + Slack)));
            _buffer.AsSpan(_length - kept, kept).CopyTo(larger);
            Dispose();
            _buffer = larger;
        }

        _length = kept;
        _taken = kept;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    public void AppendRun(byte value, int count)
    {
        _buffer.AsSpan(_length, count).Fill(value);
        _length += count;
    }

    /// <summary>Appends the first bytes of what may hold more.</summary>
    public void AppendStart(ReadOnlySpan<byte> bytes, int count)
    {
        if (count <= Slack && bytes.Length >= Slack)
        {
            Vector128.Create(bytes).CopyTo(_buffer, _length);
        }
        else
        {
            bytes[..count].CopyTo(_buffer.AsSpan(_length));
        }

        _length += count;
    }

    /// <summary>Appends bytes that lie some way back; they may run into those that are appended.</summary>
    /// <exception cref="ZstandardException">ZstandardMalformed: they lie before the frame, or further back than the window.</exception>
    public void AppendMatch(uint offset, int count)
    {
        if (offset == 0 || offset > (uint)Math.Min(_length, _window))
        {
            throw ZstandardException.Malformed($"a match {offset} bytes back, where {Math.Min(_length, _window)} can be reached");
        }

        var buffer = _buffer.AsSpan();
        int from = _length - (int)offset;
        int to = _length;
        _length += count;
        if (offset >= Slack)
        {
            if (count <= Slack)
            {
                Vector128.Create<byte>(buffer[from..]).CopyTo(buffer[to..]);
                return;
            }

            if (offset >= count)
            {
                buffer.Slice(from, count).CopyTo(buffer[to..]);
                return;
            }
        }
        else if (offset == 1)
        {
            buffer.Slice(to, count).Fill(buffer[from]);
            return;
        }

        // What is there to copy from grows with each piece.
        while (count > 0)
        {
            int piece = Math.Min(count, to - from);
            buffer.Slice(from, piece).CopyTo(buffer[to..]);
            to += piece;
            count -= piece;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
