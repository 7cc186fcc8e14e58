using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>Writes a value of a row image as an SQL literal that stores exactly that value. The session is NAMES binary, time zone UTC.</summary>
/// <param name="destination">The server that reads the literals.</param>
internal sealed class ValueLiteral(ServerVersion destination) : IDisposable
{
    // MYSQL_TYPE_STRING: BINARY(n) comes without its trailing zero bytes.
    private const byte FixedString = 254;

    private readonly SqlBuffer _scratch = new();

    /// <summary>Writes the literal.</summary>
    /// <returns>True when the value is ENUM index 0, which strict mode refuses.</returns>
    public bool Write(ColumnPlan column, TableMapEvent map, in RowImage image, SqlBuffer output)
    {
        if (image.IsNull(column.Index))
        {
            output.Write("NULL"u8);
            return false;
        }

        var type = map.Columns[column.Index];
        var raw = image.GetRaw(column.Index);
        switch (column.Kind)
        {
            case LiteralKind.Text or LiteralKind.Geometry:
                output.WriteQuoted(raw);
                return false;
            case LiteralKind.Binary:
                output.WriteQuoted(raw, Padding(type, column, raw));
                return false;
            case LiteralKind.Json:
                if (!BinlogJson.TryWriteExpression(raw, destination, output))
                {
                    output.Write("_utf8mb4"u8);
                    output.WriteQuoted(Text(type, column, raw));
                }

                return false;
            case LiteralKind.Temporal:
                output.Write("'"u8);
                BinlogValueWriter.WriteText(type, column.IsUnsigned, raw, output);
                output.Write("'"u8);
                return false;
            default:
                int start = output.Length;
                BinlogValueWriter.WriteText(type, column.IsUnsigned, raw, output);
                return column.Kind == LiteralKind.Enum && output.Span[start..].SequenceEqual("0"u8);
        }
    }

    /// <summary>Writes a comparison with a key column by its own collation, so that the key's index serves it: <c>column = literal</c>.</summary>
    public void WriteKeyComparison(ColumnPlan column, TableMapEvent map, in RowImage image, SqlBuffer output)
    {
        WriteKeyColumn(column, output);
        output.Write("="u8);
        WriteKeyLiteral(column, map, image, output);
    }

    /// <summary>Writes a key column as it is compared.</summary>
    public static void WriteKeyColumn(ColumnPlan column, SqlBuffer output)
    {
        output.Write(column.QuotedName);
        if (column.Kind == LiteralKind.Float)
        {
            output.Write("+0e0"u8);
        }
    }

    /// <summary>Writes a literal that is compared with a key column.</summary>
    public void WriteKeyLiteral(ColumnPlan column, TableMapEvent map, in RowImage image, SqlBuffer output)
    {
        if (column.Kind != LiteralKind.Text || image.IsNull(column.Index))
        {
            Write(column, map, image, output);
            return;
        }

        output.Write(column.Introducer);
        var raw = image.GetRaw(column.Index);
        if (raw.IsEmpty)
        {
            output.Write("''"u8);
        }
        else
        {
            output.WriteHex(raw);
        }
    }

    /// <summary>Writes a NULL-safe comparison that is true for exactly the stored value, byte by byte.</summary>
    public void WriteExactMatch(ColumnPlan column, TableMapEvent map, in RowImage image, SqlBuffer output)
    {
        if (image.IsNull(column.Index))
        {
            output.Write(column.QuotedName);
            output.Write(" IS NULL"u8);
            return;
        }

        var type = map.Columns[column.Index];
        var raw = image.GetRaw(column.Index);
        switch (column.Kind)
        {
            case LiteralKind.Text:
                Wrap("CAST("u8, column, " AS BINARY)<=>"u8, output);
                output.WriteQuoted(raw);
                break;
            case LiteralKind.Json:
                Wrap("CAST(CAST("u8, column, " AS CHAR CHARACTER SET utf8mb4) AS BINARY)<=>"u8, output);
                output.WriteQuoted(Text(type, column, raw));
                break;
            case LiteralKind.Geometry or LiteralKind.Binary:
                Wrap("HEX("u8, column, ")<=>'"u8, output);
                int padding = Padding(type, column, raw);
                WriteHexDigits(raw, padding, output);
                output.Write("'"u8);
                break;
            case LiteralKind.Double or LiteralKind.Float:
                // The text form tells -0 from 0, which compare equal; adding 0 would lose the sign.
                var text = Text(type, column, raw);
                if (IsZero(text))
                {
                    Wrap("CAST("u8, column, " AS CHAR)<=>"u8, output);
                    output.Write(text[0] == (byte)'-' ? "'-0' AND "u8 : "'0' AND "u8);
                }

                output.Write(column.QuotedName);
                output.Write(column.Kind == LiteralKind.Float ? "+0e0<=>"u8 : "<=>"u8);
                output.Write(text);
                break;
            default:
                output.Write(column.QuotedName);
                output.Write(column.Kind == LiteralKind.Enum || column.Definition.DataType == "set" ? "+0<=>"u8 : "<=>"u8);
                Write(column, map, image, output);
                break;
        }
    }

    public void Dispose() => _scratch.Dispose();

    private static void Wrap(ReadOnlySpan<byte> before, ColumnPlan column, ReadOnlySpan<byte> after, SqlBuffer output)
    {
        output.Write(before);
        output.Write(column.QuotedName);
        output.Write(after);
    }

    private static void WriteHexDigits(ReadOnlySpan<byte> raw, int padding, SqlBuffer output)
    {
        foreach (byte b in raw)
        {
            output.Write([HexDigit(b >> 4), HexDigit(b & 15)]);
        }

        for (int i = 0; i < padding; i++)
        {
            output.Write("00"u8);
        }
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);

    private static bool IsZero(ReadOnlySpan<byte> text)
    {
        int exponent = text.IndexOfAny((byte)'e', (byte)'E');
        return (exponent < 0 ? text : text[..exponent]).IndexOfAnyInRange((byte)'1', (byte)'9') < 0;
    }

    /// <summary>Zero bytes that the binary log leaves out at the end of a BINARY(n).</summary>
    internal static int Padding(TableMapColumn type, ColumnPlan column, ReadOnlySpan<byte> raw) =>
        type.Type == FixedString && column.Definition.DataType == "binary" ? Math.Max(0, type.Metadata - raw.Length) : 0;

    private ReadOnlySpan<byte> Text(TableMapColumn type, ColumnPlan column, ReadOnlySpan<byte> raw)
    {
        _scratch.Clear();
        BinlogValueWriter.WriteText(type, column.IsUnsigned, raw, _scratch);
        return _scratch.Span;
    }
}
