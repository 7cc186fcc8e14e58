using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>
/// An SQL expression whose value becomes a TIME node inside a JSON document. Servers of 5.7, 8.0 and 8.4 take the packed hours of a TIME for a day and an hour of five bits on its
/// way into a document, and put down 24 times the one and the other: 838 hours (26 times 32 and 6) become 630. The expression asks the server whether it does so.
/// </summary>
internal static class JsonTimeExpression
{
    // Below this the five bits hold all.
    private const int Unharmed = 32;

    // What 831 hours become; the longest TIME, of 838, becomes 630.
    private const int Longest = 631;

    /// <summary>Writes the expression.</summary>
    /// <param name="text">The value: <c>-838:59:59.999999</c>, digits, colons and one point only.</param>
    /// <param name="output">Where the expression goes, ASCII.</param>
    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        int sign = text.StartsWith("-"u8) ? 1 : 0;
        if (!Utf8Parser.TryParse(text[sign..], out int hours, out int digits) || hours < Unharmed)
        {
            output.Write("CAST('"u8);
            output.Write(text);
            output.Write("' AS TIME(6))"u8);
            return;
        }

        output.Write("CAST(IF(LOCATE('32', JSON_ARRAY(CAST('32:00:00' AS TIME))), '"u8);
        output.Write(text);
        output.Write("', '"u8);
        if (hours <= Longest)
        {
            int days = Math.Min(hours / 24, 25);
            output.Write(text[..sign]);
            output.Write(Encoding.ASCII.GetBytes(((days * Unharmed) + hours - (days * 24)).ToString(CultureInfo.InvariantCulture)));
            output.Write(text[(sign + digits)..]);
        }
        else
        {
            // No server that does so can have made it. As a TIME this is an error in strict mode.
            output.Write("a TIME of so many hours cannot be put into JSON"u8);
        }

        output.Write("') AS TIME(6))"u8);
    }
}
