using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>SQL text under construction, in one pooled array that is reused.</summary>
internal sealed class SqlBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialBytes = 64 << 10;
    private const int KeptBytes = 8 << 20;

    // What a quoted string must escape under NAMES binary, with backslash escapes in force.
    private static readonly SearchValues<byte> Special = SearchValues.Create("\0'\\"u8);

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(Length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Write(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    public void WriteNumber(long number)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(Length), out int written);
        Length += written;
    }

    /// <summary>A quoted string of any bytes, then <paramref name="padding"/> bytes of zero.</summary>
    public void WriteQuoted(ReadOnlySpan<byte> bytes, int padding = 0)
    {
        Reserve(bytes.Length + 2);
        _bytes[Length++] = (byte)'\'';
        int at;
        while ((at = bytes.IndexOfAny(Special)) >= 0)
        {
            Write(bytes[..at]);
            Reserve(2);
            _bytes[Length++] = (byte)'\\';
            _bytes[Length++] = bytes[at] == 0 ? (byte)'0' : bytes[at];
            bytes = bytes[(at + 1)..];
        }

        Write(bytes);
        for (int i = 0; i < padding; i++)
        {
            Write("\\0"u8);
        }

        Write("'"u8);
    }

    /// <summary>A hexadecimal literal <c>0x...</c>; not for an empty value.</summary>
    public void WriteHex(ReadOnlySpan<byte> bytes)
    {
        Reserve(2 + (bytes.Length * 2));
        _bytes[Length++] = (byte)'0';
        _bytes[Length++] = (byte)'x';
        foreach (byte b in bytes)
        {
            _bytes[Length++] = "0123456789ABCDEF"u8[b >> 4];
            _bytes[Length++] = "0123456789ABCDEF"u8[b & 15];
        }
    }

    public void Truncate(int length) => Length = length;

    /// <summary>Empties the buffer; an array that a giant row made is given back.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length >= count)
        {
            return;
        }

        // Past 1 GiB no server takes the statement (max_allowed_packet ends there), so doubling stops at the largest array.
        long wanted = Math.Min(Math.Max((long)_bytes.Length * 2, (long)Length + count), Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(wanted, checked(Length + count)));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
