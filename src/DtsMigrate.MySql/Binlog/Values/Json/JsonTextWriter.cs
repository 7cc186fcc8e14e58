using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>Writes a binary JSON value as the server prints it.</summary>
internal static class JsonTextWriter
{
    /// <summary>Deepest nesting that the server stores.</summary>
    public const int MaximumDepth = 100;

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>Writes one value and what is in it.</summary>
    /// <param name="type">Type byte.</param>
    /// <param name="bytes">The value's bytes.</param>
    /// <param name="inlined">True when they lie in the value entry of a container, which has paid for them.</param>
    /// <param name="depth">Containers around the value.</param>
    /// <param name="budget">
    /// Bytes of the document not yet accounted for. Values of a document do not overlap, so together they cannot be longer than it is. A document
    /// whose offsets lead to the same bytes again and again would print without end: it runs out of budget.
    /// </param>
    /// <param name="output">Where the text goes.</param>
    public static void Write(byte type, ReadOnlySpan<byte> bytes, bool inlined, int depth, ref long budget, IBufferWriter<byte> output)
    {
        if (JsonType.IsContainer(type))
        {
            WriteContainer(type, bytes, depth, ref budget, output);
            return;
        }

        int consumed = inlined ? 0 : JsonScalar.Length(type);
        switch (type)
        {
            case JsonType.Literal:
                output.Write(Literal(bytes));
                break;
            case JsonType.Int16 or JsonType.Int32 or JsonType.Int64:
                TextOutput.Integer(output, JsonScalar.Signed(type, bytes));
                break;
            case JsonType.UInt16 or JsonType.UInt32 or JsonType.UInt64:
                TextOutput.Integer(output, JsonScalar.Unsigned(type, bytes));
                break;
            case JsonType.Double:
                JsonNumberText.Double(JsonScalar.Double(bytes), output);
                break;
            case JsonType.String:
                WriteString(JsonScalar.String(bytes, out consumed), output);
                break;
            case JsonType.Opaque:
                byte columnType = JsonScalar.Opaque(bytes, out ReadOnlySpan<byte> value, out consumed);
                WriteOpaque(columnType, value, output);
                break;
            default:
                throw JsonContainer.Malformed($"type {type} is not known");
        }

        Spend(consumed, ref budget);
    }

    public static ReadOnlySpan<byte> Literal(ReadOnlySpan<byte> bytes) => JsonScalar.Take(bytes, 1)[0] switch
    {
        0 => "null"u8,
        1 => "true"u8,
        2 => "false"u8,
        byte other => throw JsonContainer.Malformed($"literal {other} is not known"),
    };

    /// <summary>Quoted, with the server's escapes: the named ones, and \u00xx for other control characters.</summary>
    public static void WriteString(ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (!value.IsEmpty)
        {
            int plain = value.IndexOfAnyInRange((byte)0, (byte)0x1F);
            int special = value.IndexOfAny((byte)'"', (byte)'\\');
            int next = plain < 0 ? special : special < 0 ? plain : Math.Min(plain, special);
            if (next < 0)
            {
                output.Write(value);
                break;
            }

            output.Write(value[..next]);
            WriteEscaped(value[next], output);
            value = value[(next + 1)..];
        }

        output.Write("\""u8);
    }

    private static void WriteEscaped(byte c, IBufferWriter<byte> output)
    {
        switch (c)
        {
            case (byte)'"':
                output.Write("\\\""u8);
                break;
            case (byte)'\\':
                output.Write("\\\\"u8);
                break;
            case (byte)'\b':
                output.Write("\\b"u8);
                break;
            case (byte)'\f':
                output.Write("\\f"u8);
                break;
            case (byte)'\n':
                output.Write("\\n"u8);
                break;
            case (byte)'\r':
                output.Write("\\r"u8);
                break;
            case (byte)'\t':
                output.Write("\\t"u8);
                break;
            default:
                output.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', HexDigits[c >> 4], HexDigits[c & 15]]);
                break;
        }
    }

    private static void WriteOpaque(byte columnType, ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        switch (columnType)
        {
            case BinlogColumnType.NewDecimal:
                JsonScalar.Take(value, 3);
                DecimalText.Write(value[2..], value[0], value[1], output);
                break;
            case BinlogColumnType.Date or BinlogColumnType.DateTime or BinlogColumnType.Timestamp:
                output.Write("\""u8);
                TemporalText.PackedDateTime(Packed(value), columnType == BinlogColumnType.Date, output);
                output.Write("\""u8);
                break;
            case BinlogColumnType.Time:
                output.Write("\""u8);
                TemporalText.PackedTime(Packed(value), output);
                output.Write("\""u8);
                break;
            default:
                WriteBase64(columnType, value, output);
                break;
        }
    }

    public static long Packed(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(JsonScalar.Take(value, 8));

    /// <summary>"base64:type" and the column type, then base 64 in lines of 76 characters, the newlines escaped.</summary>
    private static void WriteBase64(byte columnType, ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        const int BytesPerLine = 57;
        output.Write("\"base64:type"u8);
        TextOutput.Integer(output, (ulong)columnType);
        output.Write(":"u8);
        while (!value.IsEmpty)
        {
            int count = Math.Min(BytesPerLine, value.Length);
            Base64.EncodeToUtf8(value[..count], output.GetSpan(80), out _, out int written);
            output.Advance(written);
            value = value[count..];
            if (!value.IsEmpty)
            {
                output.Write("\\n"u8);
            }
        }

        output.Write("\""u8);
    }

    private static void WriteContainer(byte type, ReadOnlySpan<byte> bytes, int depth, ref long budget, IBufferWriter<byte> output)
    {
        CheckDepth(depth);
        bool isObject = JsonType.IsObject(type);
        JsonContainer container = new(type, bytes);
        Spend(container.HeaderLength, ref budget);
        output.Write(isObject ? "{"u8 : "["u8);
        for (int i = 0; i < container.Count; i++)
        {
            if (i > 0)
            {
                output.Write(", "u8);
            }

            if (isObject)
            {
                ReadOnlySpan<byte> key = container.Key(i);
                Spend(key.Length, ref budget);
                WriteString(key, output);
                output.Write(": "u8);
            }

            byte valueType = container.Value(i, out ReadOnlySpan<byte> value, out bool inlined);
            Write(valueType, value, inlined, depth + 1, ref budget, output);
        }

        output.Write(isObject ? "}"u8 : "]"u8);
    }

    public static void CheckDepth(int depth)
    {
        if (depth >= MaximumDepth)
        {
            throw JsonContainer.Malformed($"it is nested more than {MaximumDepth} levels deep");
        }
    }

    public static void Spend(int bytes, ref long budget)
    {
        budget -= bytes;
        if (budget < 0)
        {
            throw JsonContainer.Malformed("its values overlap");
        }
    }
}
