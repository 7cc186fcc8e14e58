using System.Buffers;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>SQL expressions whose value becomes a binary node inside a JSON document, each of the column type that the node had.</summary>
internal static class JsonBinaryExpression
{
    /// <summary>Writes the expression.</summary>
    /// <param name="columnType">Column type that the node is marked with.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="output">Where the expression goes, ASCII.</param>
    /// <exception cref="DtsMigrateException">JsonValueNotRepresentable: no SQL expression makes a value of this type.</exception>
    public static void Write(byte columnType, ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        switch (columnType)
        {
            case BinlogColumnType.Bit when value.Length is >= 1 and <= 8:
                WriteBit(value, output);
                break;
            case BinlogColumnType.String when value.Length <= 255:
                WriteThroughColumn(value, "BINARY("u8, output);
                break;
            case BinlogColumnType.Blob:
                WriteThroughColumn(value, "LONGBLOB"u8, output);
                break;
            case BinlogColumnType.VarChar: // the type of a hex literal
                HexLiteral(value, output);
                break;
            case BinlogColumnType.MediumBlob when value.Length > ushort.MaxValue:
                output.Write("CAST("u8);
                HexLiteral(value, output);
                output.Write(" AS BINARY("u8);
                TextOutput.Integer(output, value.Length);
                output.Write("))"u8);
                break;
            case BinlogColumnType.LongBlob:
                output.Write("UNCOMPRESS(COMPRESS("u8);
                HexLiteral(value, output);
                output.Write("))"u8);
                break;
            default:
                throw new DtsMigrateException(
                    "JsonValueNotRepresentable",
                    $"A JSON document holds a binary value of column type {columnType} and {value.Length} bytes, for which SQL has no expression that keeps its type.")
                {
                    RecommendedAction = "Store such values as BLOB, VARBINARY or text inside JSON, for example through CAST(... AS BINARY).",
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
        HexLiteral(value, output);
        output.Write("), _utf8mb4 '$[*]' COLUMNS (v "u8);
        output.Write(columnType);
        if (columnType[^1] == (byte)'(')
        {
            TextOutput.Integer(output, value.Length);
            output.Write(")"u8);
        }

        output.Write(" PATH _utf8mb4 '$')) AS t)"u8);
    }

    private static void HexLiteral(ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        output.Write("X'"u8);
        Hex(value, output);
        output.Write("'"u8);
    }
}
