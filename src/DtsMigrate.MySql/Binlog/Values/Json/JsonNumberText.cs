using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>A DOUBLE as the server prints it inside JSON.</summary>
internal static class JsonNumberText
{
    /// <summary>
    /// Shortest digits that read back to the same number; plain notation for decimal exponents from -14 to 15 (or as many as there are digits),
    /// else with an exponent. A whole number gets ".0", which keeps it a DOUBLE when it is read back.
    /// </summary>
    /// <remarks>MySQL source, "my_gcvt".</remarks>
    public static void Double(double value, IBufferWriter<byte> output)
    {
        const int Longest = 40;
        const int MaximumPlainExponent = 15;
        Span<byte> shortest = stackalloc byte[Longest];
        value.TryFormat(shortest, out int length, default, CultureInfo.InvariantCulture);

        // Take the text apart: digits without leading and trailing zeros, and the place of the point before them.
        Span<byte> digits = stackalloc byte[Longest];
        int count = 0, point = 0, exponent = 0;
        bool afterPoint = false, negative = false;
        for (int i = 0; i < length; i++)
        {
            byte c = shortest[i];
            if (c == (byte)'-')
            {
                negative = true;
            }
            else if (c == (byte)'.')
            {
                afterPoint = true;
            }
            else if (c == (byte)'E')
            {
                exponent = int.Parse(shortest[(i + 1)..length], CultureInfo.InvariantCulture);
                break;
            }
            else if (count > 0 || c != (byte)'0')
            {
                digits[count++] = c;
                point += afterPoint ? 0 : 1;
            }
            else
            {
                point -= afterPoint ? 1 : 0;
            }
        }

        point += exponent;
        while (count > 0 && digits[count - 1] == (byte)'0')
        {
            count--;
        }

        Span<byte> text = output.GetSpan(Longest);
        int at = 0;
        if (negative)
        {
            text[at++] = (byte)'-';
        }

        if (count == 0)
        {
            "0.0"u8.CopyTo(text[at..]);
            at += 3;
        }
        else if (point >= -MaximumPlainExponent + 1 && (point <= MaximumPlainExponent || count > point))
        {
            at = WritePlain(text, at, digits[..count], point);
        }
        else
        {
            text[at++] = digits[0];
            if (count > 1)
            {
                text[at++] = (byte)'.';
                digits[1..count].CopyTo(text[at..]);
                at += count - 1;
            }

            text[at++] = (byte)'e';
            Utf8Formatter.TryFormat(point - 1, text[at..], out int written);
            at += written;
        }

        output.Advance(at);
    }

    private static int WritePlain(Span<byte> text, int at, ReadOnlySpan<byte> digits, int point)
    {
        if (point <= 0)
        {
            "0."u8.CopyTo(text[at..]);
            text.Slice(at + 2, -point).Fill((byte)'0');
            digits.CopyTo(text[(at + 2 - point)..]);
            return at + 2 - point + digits.Length;
        }

        int whole = Math.Min(point, digits.Length);
        digits[..whole].CopyTo(text[at..]);
        text.Slice(at + whole, point - whole).Fill((byte)'0');
        at += point;
        text[at++] = (byte)'.';
        if (digits.Length <= point)
        {
            text[at++] = (byte)'0';
            return at;
        }

        digits[point..].CopyTo(text[at..]);
        return at + digits.Length - point;
    }
}
