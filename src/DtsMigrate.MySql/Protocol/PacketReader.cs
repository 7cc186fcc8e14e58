using System.Buffers.Binary;
using System.Text;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Protocol;

/// <summary>Walks the payload of one packet. Every read is checked: a short payload is a <see cref="MySqlProtocolException"/>, never a crash.</summary>
internal ref struct PacketReader
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly string _what;

    /// <param name="payload">Payload without the packet header.</param>
    /// <param name="what">Name of the packet for error texts.</param>
    public PacketReader(ReadOnlySpan<byte> payload, string what)
    {
        _payload = payload;
        _what = what;
    }

    public int Offset { get; private set; }

    public readonly int Remaining => _payload.Length - Offset;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    public ReadOnlySpan<byte> ReadRest() => Take(Remaining);

    public void Skip(int count) => Take(count);

    /// <summary>Reads a length-encoded integer (protocol::LengthEncodedInteger).</summary>
    public ulong ReadLenEncInteger()
    {
        byte first = ReadByte();
        return first switch
        {
            < 0xFB => first,
            0xFC => ReadUInt16(),
            0xFD => ReadUInt24(),
            0xFE => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
            _ => throw Malformed($"0x{first:X2} is not the start of a length-encoded integer"),
        };
    }

    /// <summary>Reads a length-encoded string as raw bytes.</summary>
    public ReadOnlySpan<byte> ReadLenEncBytes()
    {
        ulong length = ReadLenEncInteger();
        return length <= (ulong)Remaining ? Take((int)length) : throw Malformed($"a string of {length} bytes does not fit");
    }

    public string ReadLenEncText() => Encoding.UTF8.GetString(ReadLenEncBytes());

    /// <summary>Reads up to a NUL byte, which must be there, and steps over it.</summary>
    public ReadOnlySpan<byte> ReadNulBytes()
    {
        int length = _payload[Offset..].IndexOf((byte)0);
        if (length < 0)
        {
            throw Malformed("a string is not terminated");
        }

        var value = Take(length);
        Skip(1);
        return value;
    }

    public string ReadNulText() => Encoding.UTF8.GetString(ReadNulBytes());

    private uint ReadUInt24()
    {
        var bytes = Take(3);
        return (uint)(bytes[0] | (bytes[1] << 8) | (bytes[2] << 16));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw Malformed($"{count} bytes are due and {Remaining} are left");
        }

        var taken = _payload.Slice(Offset, count);
        Offset += count;
        return taken;
    }

    private readonly MySqlProtocolException Malformed(string why) =>
        new($"Malformed {_what} at offset {Offset}: {why} (payload of {_payload.Length} bytes starts {Convert.ToHexString(_payload[..Math.Min(16, _payload.Length)])}).");
}
