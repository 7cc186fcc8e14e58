using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>A scalar of known type, from its text to an SQL expression.</summary>
internal static class JsonNodeExpression
{
    private const string BinaryHead = "base64:type";

    public static void Write(JsonElement value, JsonNodeKind kind, ServerVersion server, IBufferWriter<byte> output)
    {
        bool isNumber = kind is JsonNodeKind.Decimal or JsonNodeKind.UnsignedInteger or JsonNodeKind.Double;
        if (kind == JsonNodeKind.Unknown || value.ValueKind != (isNumber ? JsonValueKind.Number : JsonValueKind.String))
        {
            throw new DtsMigrateException("JsonTypesNotCarried", $"A JSON document holds a node of type {kind} whose text is a JSON {value.ValueKind}.");
        }

        if (isNumber)
        {
            WriteNumber(JsonMarshal.GetRawUtf8Value(value), kind, output);
            return;
        }

        string text = value.GetString()!;
        switch (kind)
        {
            case JsonNodeKind.Date:
                WriteCast(text, "' AS DATE)"u8, output);
                break;
            case JsonNodeKind.DateTime:
                WriteCast(text, "' AS DATETIME(6))"u8, output);
                break;
            case JsonNodeKind.Time:
                JsonTimeExpression.Write(Temporal(text), output);
                break;
            case JsonNodeKind.Timestamp:
                JsonTimestampExpression.WriteHead(server, output);
                output.Write(Temporal(text));
                JsonTimestampExpression.WriteTail(output);
                break;
            default:
                WriteBinary(text, server, output);
                break;
        }
    }

    private static void WriteNumber(ReadOnlySpan<byte> number, JsonNodeKind kind, IBufferWriter<byte> output)
    {
        switch (kind)
        {
            case JsonNodeKind.Decimal:
                // With a point it is a DECIMAL literal, of the scale that is written.
                output.Write(number);
                output.Write(number.Contains((byte)'.') ? ""u8 : "."u8);
                break;
            case JsonNodeKind.Double:
                output.Write(number);
                output.Write(number.IndexOfAny((byte)'e', (byte)'E') >= 0 ? ""u8 : "e0"u8);
                break;
            default:
                output.Write("CAST("u8);
                output.Write(number);
                output.Write(" AS UNSIGNED)"u8);
                break;
        }
    }

    private static void WriteCast(string text, ReadOnlySpan<byte> tail, IBufferWriter<byte> output)
    {
        output.Write("CAST('"u8);
        output.Write(Temporal(text));
        output.Write(tail);
    }

    private static byte[] Temporal(string text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c) && c is not ('-' or ':' or '.' or ' '))
            {
                throw new DtsMigrateException("JsonTypesNotCarried", "A JSON document holds a temporal node whose text is no date or time.");
            }
        }

        return Encoding.ASCII.GetBytes(text);
    }

    /// <summary>Text: <c>base64:type</c>, the column type, a colon, then base 64 in lines.</summary>
    private static void WriteBinary(string text, ServerVersion server, IBufferWriter<byte> output)
    {
        int colon = text.StartsWith(BinaryHead, StringComparison.Ordinal) ? text.IndexOf(':', BinaryHead.Length) : -1;
        if (colon < 0 || !byte.TryParse(text.AsSpan(BinaryHead.Length, colon - BinaryHead.Length), NumberStyles.None, CultureInfo.InvariantCulture, out byte columnType))
        {
            throw new DtsMigrateException("JsonTypesNotCarried", "A JSON document holds a binary node whose text does not tell its column type.");
        }

        byte[] value;
        try
        {
            value = Convert.FromBase64String(text[(colon + 1)..]);
        }
        catch (FormatException e)
        {
            throw new DtsMigrateException("JsonTypesNotCarried", "A JSON document holds a binary node whose text is not base 64.", e);
        }

        JsonBinaryExpression.Write(columnType, value, server, output);
    }
}
