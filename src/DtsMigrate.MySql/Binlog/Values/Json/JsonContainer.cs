using System.Buffers.Binary;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>
/// A binary JSON object or array: element count, size in bytes, key entries (offset and length) for an object, value entries (type and
/// offset, or the value itself where it fits), then keys and values. Offsets count from the start of the container.
/// </summary>
internal readonly ref struct JsonContainer
{
    private const int TypeLength = 1;
    private const int KeySizeLength = 2;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _object;
    private readonly int _offsetLength;

    public JsonContainer(byte type, ReadOnlySpan<byte> bytes)
    {
        _object = JsonType.IsObject(type);
        _offsetLength = JsonType.IsLarge(type) ? 4 : 2;
        if (bytes.Length < 2 * _offsetLength)
        {
            throw Malformed("a container is cut off");
        }

        uint count = Number(bytes, 0, _offsetLength);
        uint size = Number(bytes, _offsetLength, _offsetLength);
        long header = (2 * _offsetLength) + (count * (long)((_object ? _offsetLength + KeySizeLength : 0) + TypeLength + _offsetLength));
        if (size > (uint)bytes.Length || header > size)
        {
            throw Malformed("a container is cut off");
        }

        Count = (int)count;
        HeaderLength = (int)header;
        _bytes = bytes[..(int)size];
    }

    public int Count { get; }

    /// <summary>Bytes of counts and entries.</summary>
    public int HeaderLength { get; }

    /// <summary>Size in bytes of the container that the bytes start with.</summary>
    public static int SizeOf(byte type, ReadOnlySpan<byte> bytes) => new JsonContainer(type, bytes)._bytes.Length;

    public ReadOnlySpan<byte> Key(int index)
    {
        var (start, length) = KeyRange(index);
        return _bytes.Slice(start, length);
    }

    /// <summary>Where a key lies in the container.</summary>
    public (int Start, int Length) KeyRange(int index)
    {
        int entry = (2 * _offsetLength) + (index * (_offsetLength + KeySizeLength));
        uint offset = Number(_bytes, entry, _offsetLength);
        uint length = Number(_bytes, entry + _offsetLength, KeySizeLength);
        return offset >= (uint)HeaderLength && offset + (ulong)length <= (uint)_bytes.Length
            ? ((int)offset, (int)length)
            : throw Malformed("a key lies outside its object");
    }

    /// <summary>Type and bytes of an element. The bytes may run on behind the value; its own encoding ends it.</summary>
    /// <param name="index">Index of the element.</param>
    /// <param name="value">The value's bytes.</param>
    /// <param name="inlined">True when the bytes are those of the value entry.</param>
    public byte Value(int index, out ReadOnlySpan<byte> value, out bool inlined)
    {
        byte type = Value(index, out int start, out inlined);
        value = inlined ? _bytes.Slice(start, _offsetLength) : _bytes[start..];
        return type;
    }

    /// <summary>Type of an element and where its bytes begin in the container.</summary>
    public byte Value(int index, out int start, out bool inlined)
    {
        int entry = (2 * _offsetLength) + (_object ? Count * (_offsetLength + KeySizeLength) : 0) + (index * (TypeLength + _offsetLength));
        byte type = _bytes[entry];
        inlined = type is JsonType.Literal or JsonType.Int16 or JsonType.UInt16 || (_offsetLength == 4 && type is (JsonType.Int32 or JsonType.UInt32));
        if (inlined)
        {
            start = entry + TypeLength;
            return type;
        }

        uint offset = Number(_bytes, entry + TypeLength, _offsetLength);
        if (offset < (uint)HeaderLength || offset >= (uint)_bytes.Length)
        {
            throw Malformed("a value lies outside its container");
        }

        start = (int)offset;
        return type;
    }

    public static MySqlProtocolException Malformed(string what) => new($"Malformed JSON value: {what}.");

    private static uint Number(ReadOnlySpan<byte> bytes, int at, int length) =>
        length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
