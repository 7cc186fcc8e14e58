using System.Buffers;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>
/// Writes an SQL expression that makes a JSON value again, each part with the type it had. Parts whose text says all are embedded as text.
/// Strings are hex literals with an introducer, so the expression means the same under every sql_mode and connection character set.
/// </summary>
internal readonly ref struct JsonExpressionWriter(ServerVersion server, IBufferWriter<byte> output)
{
    private const int LongestTime = 32;

    public void Write(byte type, ReadOnlySpan<byte> bytes, bool inlined, int depth, ref long budget)
    {
        long scanBudget = bytes.Length;
        if (!JsonTypeScanner.NeedsExpression(type, bytes, inlined, depth, ref scanBudget))
        {
            ArrayBufferWriter<byte> text = new();
            JsonTextWriter.Write(type, bytes, inlined, depth, ref budget, text);
            output.Write("CAST(_utf8mb4 0x"u8);
            JsonBinaryExpression.Hex(text.WrittenSpan, output);
            output.Write(" AS JSON)"u8);
        }
        else if (JsonType.IsContainer(type))
        {
            WriteContainer(type, bytes, depth, ref budget);
        }
        else
        {
            int length = JsonScalar.Length(type);
            if (type == JsonType.Double)
            {
                TextOutput.Double(output, JsonScalar.Double(bytes));
            }
            else if (type == JsonType.Opaque)
            {
                byte columnType = JsonScalar.Opaque(bytes, out ReadOnlySpan<byte> value, out length);
                WriteOpaque(columnType, value);
            }
            else
            {
                output.Write("CAST("u8);
                TextOutput.Integer(output, JsonScalar.Unsigned(type, bytes));
                output.Write(" AS UNSIGNED)"u8);
            }

            JsonTextWriter.Spend(inlined ? 0 : length, ref budget);
        }
    }

    private void WriteContainer(byte type, ReadOnlySpan<byte> bytes, int depth, ref long budget)
    {
        JsonTextWriter.CheckDepth(depth);
        bool isObject = JsonType.IsObject(type);
        JsonContainer container = new(type, bytes);
        JsonTextWriter.Spend(container.HeaderLength, ref budget);
        output.Write(isObject ? "JSON_OBJECT("u8 : "JSON_ARRAY("u8);
        for (int i = 0; i < container.Count; i++)
        {
            if (i > 0)
            {
                output.Write(", "u8);
            }

            if (isObject)
            {
                ReadOnlySpan<byte> key = container.Key(i);
                JsonTextWriter.Spend(key.Length, ref budget);
                output.Write("_utf8mb4 X'"u8);
                JsonBinaryExpression.Hex(key, output);
                output.Write("', "u8);
            }

            byte valueType = container.Value(i, out ReadOnlySpan<byte> value, out bool inlined);
            Write(valueType, value, inlined, depth + 1, ref budget);
        }

        output.Write(")"u8);
    }

    private void WriteOpaque(byte columnType, ReadOnlySpan<byte> value)
    {
        switch (columnType)
        {
            case BinlogColumnType.NewDecimal:
                WriteDecimal(value);
                break;
            case BinlogColumnType.Date:
                output.Write("CAST('"u8);
                TemporalText.PackedDateTime(JsonTextWriter.Packed(value), dateOnly: true, output);
                output.Write("' AS DATE)"u8);
                break;
            case BinlogColumnType.DateTime:
                output.Write("CAST('"u8);
                TemporalText.PackedDateTime(JsonTextWriter.Packed(value), dateOnly: false, output);
                output.Write("' AS DATETIME(6))"u8);
                break;
            case BinlogColumnType.Time:
                ArrayBufferWriter<byte> time = new(LongestTime);
                TemporalText.PackedTime(JsonTextWriter.Packed(value), time);
                JsonTimeExpression.Write(time.WrittenSpan, output);
                break;
            case BinlogColumnType.Timestamp:
                JsonTimestampExpression.WriteHead(server, output);
                TemporalText.PackedDateTime(JsonTextWriter.Packed(value), dateOnly: false, output);
                JsonTimestampExpression.WriteTail(output);
                break;
            default:
                JsonBinaryExpression.Write(columnType, value, server, output);
                break;
        }
    }

    /// <summary>
    /// A literal claims as many digits as are written, a CAST those of whole groups of nine; the stored precision tells which of them it was. The
    /// value is the same either way.
    /// </summary>
    private void WriteDecimal(ReadOnlySpan<byte> value)
    {
        const int Longest = 90, MaximumPrecision = 65;
        JsonScalar.Take(value, 3);
        int precision = value[0], scale = value[1];
        ArrayBufferWriter<byte> text = new(Longest);
        DecimalText.Write(value[2..], precision, scale, text);
        ReadOnlySpan<byte> number = text.WrittenSpan;
        int point = number.IndexOf((byte)'.');
        int integerDigits = (point < 0 ? number.Length : point) - (number[0] == (byte)'-' ? 1 : 0);
        if (integerDigits == precision - scale)
        {
            output.Write(number);
            output.Write(point < 0 ? "."u8 : ""u8);
            return;
        }

        output.Write("CAST("u8);
        output.Write(number);
        output.Write(" AS DECIMAL("u8);
        TextOutput.Integer(output, Math.Min(precision, MaximumPrecision));
        output.Write(","u8);
        TextOutput.Integer(output, scale);
        output.Write("))"u8);
    }
}
