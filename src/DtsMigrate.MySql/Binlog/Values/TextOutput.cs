using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>Digits straight into an output buffer.</summary>
internal static class TextOutput
{
    private const int MaximumDigits = 20;

    public static void Integer(IBufferWriter<byte> output, long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(MaximumDigits), out int written);
        output.Advance(written);
    }

    public static void Integer(IBufferWriter<byte> output, ulong value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(MaximumDigits), out int written);
        output.Advance(written);
    }

    /// <summary>The value in exactly <paramref name="digits"/> digits, leading zeros kept.</summary>
    public static void Padded(Span<byte> target, uint value, int digits)
    {
        for (int i = digits - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    /// <summary>
    /// Shortest text that reads back to the same bits, always with an exponent, so that SQL takes it for an approximate number:
    /// <c>1.5e0</c>, <c>1e20</c>, <c>-0e0</c>.
    /// </summary>
    public static void Double(IBufferWriter<byte> output, double value)
    {
        const int Longest = 32;
        Span<byte> span = output.GetSpan(Longest);
        value.TryFormat(span, out int length, default, CultureInfo.InvariantCulture);
        int exponent = span[..length].IndexOf((byte)'E');
        if (exponent < 0)
        {
            "e0"u8.CopyTo(span[length..]);
            length += 2;
        }
        else
        {
            span[exponent] = (byte)'e';
            if (span[exponent + 1] == (byte)'+')
            {
                span[(exponent + 2)..length].CopyTo(span[(exponent + 1)..]);
                length--;
            }
        }

        output.Advance(length);
    }
}
