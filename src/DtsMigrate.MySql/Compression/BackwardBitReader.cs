using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DtsMigrate.MySql.Compression;

/// <summary>
/// Reads a bit stream from its end: the highest set bit of the last byte marks the start, bits go from high to low. Holds 64 bits; after
/// <see cref="Reload"/> at least 57 unread ones, or all that are left. Reading past the stream's first bit gives bits without meaning, which
/// <see cref="IsOverrun"/> and <see cref="IsAtEnd"/> tell; it never reads outside the span.
/// </summary>
/// <remarks>RFC 8878, section 4.1: Bitstreams of FSE and Huffman are read in the reverse of the order in which they were written.</remarks>
internal ref struct BackwardBitReader
{
    private const int Width = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private ulong _bits;
    private int _used;
    private int _position;

    public BackwardBitReader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[^1] == 0)
        {
            throw ZstandardException.Malformed("a bit stream without its end mark");
        }

        _bytes = bytes;
        _used = BitOperations.LeadingZeroCount((uint)bytes[^1]) - 24 + 1;
        if (bytes.Length >= sizeof(ulong))
        {
            _position = bytes.Length - sizeof(ulong);
            _bits = BinaryPrimitives.ReadUInt64LittleEndian(bytes[_position..]);
            return;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            _bits |= (ulong)bytes[i] << (8 * i);
        }

        _used += 8 * (sizeof(ulong) - bytes.Length);
    }

    /// <summary>Every bit was read, and none too many.</summary>
    public readonly bool IsAtEnd => _position == 0 && _used == Width;

    /// <summary>More bits were read than there are. Exact after <see cref="Reload"/>, and while all that is left is held.</summary>
    public readonly bool IsOverrun => _used > Width;

    /// <summary>Takes in more bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reload()
    {
        if (_position == 0)
        {
            return;
        }

        int bytes = Math.Min(_used >> 3, _position);
        _position -= bytes;
        _used -= 8 * bytes;
        _bits = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[_position..]);
    }

    /// <summary>The next 1 to 57 bits, which stay unread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Peek(int count) => (_bits << _used) >> (Width - count);

    /// <summary>Marks bits as read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count) => _used += count;

    /// <summary>Reads 0 to 57 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(int count)
    {
        // Two shifts, because one by 64 would be one by 0.
        ulong value = (_bits << _used) >> 1 >> (Width - 1 - count);
        _used += count;
        return (uint)value;
    }
}
