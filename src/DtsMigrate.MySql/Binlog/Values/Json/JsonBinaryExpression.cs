using System.Buffers;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>SQL expressions whose value becomes a binary node inside a JSON document, each of the column type that the node had.</summary>
internal static class JsonBinaryExpression
{
    /// <summary>Writes the expression.</summary>
    /// <param name="columnType">Column type that the node is marked with.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="server">The server that is to evaluate it. In JSON a hex literal of 5.7 is a BIT, and what functions return a VAR_STRING, which newer servers do not make any more.</param>
    /// <param name="output">Where the expression goes, ASCII.</param>
    /// <exception cref="DtsMigrateException">JsonValueNotRepresentable: no SQL expression makes a value of this type.</exception>
    public static void Write(byte columnType, ReadOnlySpan<byte> value, ServerVersion server, IBufferWriter<byte> output)
    {
        switch (columnType)
        {
            case BinlogColumnType.VarChar: // the type of a string literal
                Literal(value, output);
                break;
            case BinlogColumnType.MediumBlob when value.Length > ushort.MaxValue:
                output.Write("CAST("u8);
                Literal(value, output);
                output.Write(" AS BINARY("u8);
                TextOutput.Integer(output, value.Length);
                output.Write("))"u8);
                break;
            case BinlogColumnType.LongBlob:
                WriteLongBlob(value, output);
                break;
            case BinlogColumnType.Blob when server.HasJsonTable:
                WriteThroughColumn(value, "LONGBLOB"u8, output);
                break;
            case BinlogColumnType.Blob: // LIMIT makes a table of it, and its column a BLOB
                output.Write("(SELECT v FROM (SELECT "u8);
                WriteLongBlob(value, output);
                output.Write(" AS v LIMIT 1) AS t)"u8);
                break;
            case BinlogColumnType.Bit when server.HasJsonTable && value.Length is >= 1 and <= 8:
                WriteBit(value, output);
                break;
            case BinlogColumnType.Bit when !server.HasJsonTable:
                Hex("X'"u8, value, output);
                break;
            case BinlogColumnType.VarString when !server.HasJsonTable && value.Length <= ushort.MaxValue:
                output.Write("CAST("u8);
                Literal(value, output);
                output.Write(" AS BINARY)"u8);
                break;
            case BinlogColumnType.String when server.HasJsonTable && value.Length <= 255:
                WriteThroughColumn(value, "BINARY("u8, output);
                break;
            default:
                throw new DtsMigrateException(
                    "JsonValueNotRepresentable",
                    $"A JSON document holds a binary value of column type {columnType} and {value.Length} bytes, for which SQL of MySQL {server.Text} has no expression that keeps its type.")
                {
                    RecommendedAction = "Store such values from a VARBINARY column, or as text, inside JSON.",
                };
        }
    }

    /// <summary>Bytes in hexadecimal digits.</summary>
    public static void Hex(ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        const int Piece = 4096;
        while (!value.IsEmpty)
        {
            ReadOnlySpan<byte> piece = value[..Math.Min(Piece, value.Length)];
            Convert.TryToHexString(piece, output.GetSpan(2 * piece.Length), out int written);
            output.Advance(written);
            value = value[piece.Length..];
        }
    }

    private static void WriteBit(ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        ulong number = 0;
        foreach (byte part in value)
        {
            number = (number << 8) | part;
        }

        output.Write("(SELECT v FROM JSON_TABLE(_utf8mb4 '["u8);
        TextOutput.Integer(output, number);
        output.Write("]', _utf8mb4 '$[*]' COLUMNS (v BIT("u8);
        TextOutput.Integer(output, value.Length * 8);
        output.Write(") PATH _utf8mb4 '$')) AS t)"u8);
    }

    private static void WriteThroughColumn(ReadOnlySpan<byte> value, ReadOnlySpan<byte> columnType, IBufferWriter<byte> output)
    {
        output.Write("(SELECT v FROM JSON_TABLE(JSON_ARRAY("u8);
        Literal(value, output);
        output.Write("), _utf8mb4 '$[*]' COLUMNS (v "u8);
        output.Write(columnType);
        if (columnType[^1] == (byte)'(')
        {
            TextOutput.Integer(output, value.Length);
            output.Write(")"u8);
        }

        output.Write(" PATH _utf8mb4 '$')) AS t)"u8);
    }

    private static void WriteLongBlob(ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        output.Write("UNCOMPRESS(COMPRESS("u8);
        Literal(value, output);
        output.Write("))"u8);
    }

    private static void Literal(ReadOnlySpan<byte> value, IBufferWriter<byte> output) => Hex("_binary X'"u8, value, output);

    private static void Hex(ReadOnlySpan<byte> head, ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        output.Write(head);
        Hex(value, output);
        output.Write("'"u8);
    }
}
