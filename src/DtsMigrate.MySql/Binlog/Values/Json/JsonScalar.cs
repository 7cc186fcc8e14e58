using System.Buffers.Binary;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>Reads the scalars of the binary JSON format.</summary>
internal static class JsonScalar
{
    /// <summary>The first <paramref name="length"/> bytes, or an error.</summary>
    public static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length >= length ? bytes[..length] : throw JsonContainer.Malformed("a value is cut off");

    public static long Signed(byte type, ReadOnlySpan<byte> bytes) => type switch
    {
        JsonType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(Take(bytes, 2)),
        JsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Take(bytes, 4)),
        _ => BinaryPrimitives.ReadInt64LittleEndian(Take(bytes, 8)),
    };

    public static ulong Unsigned(byte type, ReadOnlySpan<byte> bytes) => type switch
    {
        JsonType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(Take(bytes, 2)),
        JsonType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(Take(bytes, 4)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(Take(bytes, 8)),
    };

    public static double Double(ReadOnlySpan<byte> bytes)
    {
        double value = BinaryPrimitives.ReadDoubleLittleEndian(Take(bytes, 8));
        return double.IsFinite(value) ? value : throw JsonContainer.Malformed("a number that is not finite");
    }

    /// <summary>A string: its length, seven bits per byte, lowest first, then its bytes.</summary>
    /// <param name="bytes">From the length on.</param>
    /// <param name="consumed">Bytes of length and string.</param>
    public static ReadOnlySpan<byte> String(ReadOnlySpan<byte> bytes, out int consumed)
    {
        const int LongestLength = 5;
        ulong length = 0;
        for (int i = 0; i < LongestLength && i < bytes.Length; i++)
        {
            length |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if ((bytes[i] & 0x80) == 0)
            {
                if (length > (ulong)(bytes.Length - i - 1))
                {
                    break;
                }

                consumed = i + 1 + (int)length;
                return bytes.Slice(i + 1, (int)length);
            }
        }

        throw JsonContainer.Malformed("a string is cut off");
    }

    /// <summary>A value of a type that JSON itself lacks: column type, then its bytes as a string.</summary>
    public static byte Opaque(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value, out int consumed)
    {
        byte type = Take(bytes, 1)[0];
        value = String(bytes[1..], out consumed);
        consumed++;
        return type;
    }

    /// <summary>Bytes that a scalar takes outside its value entry.</summary>
    public static int Length(byte type) => type switch
    {
        JsonType.Literal => 1,
        JsonType.Int16 or JsonType.UInt16 => 2,
        JsonType.Int32 or JsonType.UInt32 => 4,
        _ => 8,
    };
}
