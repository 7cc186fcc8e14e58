using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Bounds-checked little-endian reader over the bytes of one event. Allocates only strings.</summary>
internal ref struct EventReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    public EventReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _position = 0;
    }

    public readonly int Remaining => _bytes.Length - _position;

    public readonly int Position => _position;

    public byte UInt8() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    /// <summary>Unsigned integer of 1 to 8 bytes.</summary>
    public ulong UInt(int bytes)
    {
        ReadOnlySpan<byte> source = Bytes(bytes);
        ulong value = 0;
        for (int i = source.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | source[i];
        }

        return value;
    }

    /// <summary>Length-encoded ("packed") integer of 1 to 9 bytes.</summary>
    public ulong PackedInteger()
    {
        byte first = UInt8();
        return first switch
        {
            <= 250 => first,
            252 => UInt16(),
            253 => UInt(3),
            254 => UInt64(),
            _ => throw new MySqlProtocolException($"a length-encoded integer starts with 0x{first:X2}"),
        };
    }

    /// <summary>A packed integer that counts or measures something inside this event, so it cannot exceed what is left.</summary>
    public int PackedLength(string what)
    {
        ulong value = PackedInteger();
        if (value > (ulong)Remaining)
        {
            throw new MySqlProtocolException(
                string.Create(CultureInfo.InvariantCulture, $"{what} is {value}, more than the {Remaining} bytes left"));
        }

        return (int)value;
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw new MySqlProtocolException(
                string.Create(CultureInfo.InvariantCulture, $"{count} bytes expected at byte {_position} of the event's body, {Remaining} left"));
        }

        ReadOnlySpan<byte> result = _bytes.Slice(_position, count);
        _position += count;
        return result;
    }

    public ReadOnlySpan<byte> Rest() => Bytes(Remaining);

    public void Skip(int count) => Bytes(count);

    public string Utf8(int count) => Encoding.UTF8.GetString(Bytes(count));

    /// <summary>Bytes up to a NUL, which is passed over.</summary>
    public string NulTerminated()
    {
        int end = _bytes[_position..].IndexOf((byte)0);
        if (end < 0)
        {
            throw new MySqlProtocolException("a text without its terminating zero byte");
        }

        string text = Utf8(end);
        Skip(1);
        return text;
    }
}
