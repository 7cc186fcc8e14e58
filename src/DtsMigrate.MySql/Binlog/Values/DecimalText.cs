using System.Buffers;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>Binary DECIMAL to text.</summary>
/// <remarks>
/// MySQL source, "decimal2bin": nine digits in four bytes, big-endian, the odd group at the outer ends in as few bytes as hold it. The
/// first bit is the sign, inverted so that bytes sort like values; all bytes of a negative number are inverted.
/// </remarks>
internal static class DecimalText
{
    private const int DigitsPerGroup = 9;

    // Columns have 65 digits at most. In JSON the server counts whole groups now and then, up to the nine groups of its number type.
    private const int MaximumPrecision = 81;
    private const int MaximumScale = 30;
    private const int MaximumBytes = 40;

    private static ReadOnlySpan<byte> BytesPerDigits => [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];

    private static ReadOnlySpan<uint> Limits => [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    public static int BinarySize(int precision, int scale)
    {
        int integer = precision - scale;
        return (integer / DigitsPerGroup * 4) + BytesPerDigits[integer % DigitsPerGroup]
            + (scale / DigitsPerGroup * 4) + BytesPerDigits[scale % DigitsPerGroup];
    }

    public static void Write(ReadOnlySpan<byte> raw, int precision, int scale, IBufferWriter<byte> output)
    {
        if (precision is < 1 or > MaximumPrecision || scale > MaximumScale || scale > precision || raw.Length != BinarySize(precision, scale))
        {
            throw new MySqlProtocolException($"a DECIMAL({precision},{scale}) of {raw.Length} bytes");
        }

        bool negative = (raw[0] & 0x80) == 0;
        byte mask = negative ? (byte)0xFF : (byte)0;
        Span<byte> bytes = stackalloc byte[MaximumBytes];
        bytes = bytes[..raw.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(raw[i] ^ mask);
        }

        bytes[0] ^= 0x80;

        Span<byte> digits = stackalloc byte[MaximumPrecision];
        digits = digits[..precision];
        int integer = precision - scale;
        int at = 0, position = 0;
        Group(bytes, ref position, digits, ref at, integer % DigitsPerGroup);
        while (at < integer)
        {
            Group(bytes, ref position, digits, ref at, DigitsPerGroup);
        }

        while (precision - at >= DigitsPerGroup)
        {
            Group(bytes, ref position, digits, ref at, DigitsPerGroup);
        }

        Group(bytes, ref position, digits, ref at, precision - at);
        WriteDigits(digits[..integer], digits[integer..], negative, output);
    }

    private static void Group(ReadOnlySpan<byte> bytes, ref int position, Span<byte> digits, ref int at, int count)
    {
        uint value = 0;
        for (int i = BytesPerDigits[count]; i > 0; i--)
        {
            value = (value << 8) | bytes[position++];
        }

        if (value >= Limits[count])
        {
            throw new MySqlProtocolException($"a DECIMAL whose group of {count} digits holds {value}");
        }

        TextOutput.Padded(digits[at..], value, count);
        at += count;
    }

    private static void WriteDigits(ReadOnlySpan<byte> integer, ReadOnlySpan<byte> fraction, bool negative, IBufferWriter<byte> output)
    {
        integer = integer.TrimStart((byte)'0');
        if (negative && (!integer.IsEmpty || fraction.IndexOfAnyExcept((byte)'0') >= 0))
        {
            output.Write("-"u8);
        }

        output.Write(integer.IsEmpty ? "0"u8 : integer);
        if (!fraction.IsEmpty)
        {
            output.Write("."u8);
            output.Write(fraction);
        }
    }
}
