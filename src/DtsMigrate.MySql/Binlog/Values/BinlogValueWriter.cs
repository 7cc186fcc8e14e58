using System.Buffers;
using System.Buffers.Binary;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>Turns a raw binlog value into text that the server reads back as exactly the same value.</summary>
public static class BinlogValueWriter
{
    private const int BinaryCollation = 63;

    /// <summary>
    /// Writes the value's text form:
    /// integers, ENUM and SET (as their number) and BIT (as an unsigned integer) as decimal digits; YEAR in four digits; DECIMAL as the server
    /// prints it; FLOAT widened to double, and DOUBLE, as the shortest text that reads back to the same bits, always with an exponent
    /// (<c>1.5e0</c>); DATE, DATETIME, TIME as the server prints them with all declared fraction digits, zero and partial dates included;
    /// TIMESTAMP in UTC; character and binary strings, BLOB, TEXT, GEOMETRY (SRID + WKB), VECTOR as their bytes, BINARY(n) padded back with
    /// 0x00 to n where the column's collation is 63 (for a source whose table maps do not say, set it from the definition:
    /// <c>column with { CollationId = 63 }</c>); JSON as the server's own text.
    /// </summary>
    /// <param name="column">The column of the table map.</param>
    /// <param name="unsigned">UNSIGNED; the caller knows it from the definition when the table map does not say.</param>
    /// <param name="raw">The value from <see cref="RowImage.GetRaw"/>.</param>
    /// <param name="output">Where the text goes. When an exception is thrown, a part of the text may have been written.</param>
    /// <exception cref="MySqlProtocolException">The bytes are not a value of that type.</exception>
    public static void WriteText(TableMapColumn column, bool unsigned, ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        int size = ColumnSize.Of(column);
        if (size >= 0 && raw.Length != size)
        {
            throw new MySqlProtocolException($"a value of {raw.Length} bytes in a column of type {column.Type}, which takes {size}");
        }

        switch (column.Type)
        {
            case BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong:
                WriteInteger(raw, unsigned, output);
                break;
            case BinlogColumnType.Enum or BinlogColumnType.Set:
                TextOutput.Integer(output, LittleEndian(raw));
                break;
            case BinlogColumnType.Bit:
                TextOutput.Integer(output, BigEndian(raw));
                break;
            case BinlogColumnType.Year:
                // Four digits: as text, the year 0 must not be '0', which means 2000.
                TextOutput.Padded(output.GetSpan(4), raw[0] == 0 ? 0u : 1900u + raw[0], 4);
                output.Advance(4);
                break;
            case BinlogColumnType.Float:
                WriteDouble(BinaryPrimitives.ReadSingleLittleEndian(raw), output);
                break;
            case BinlogColumnType.Double:
                WriteDouble(BinaryPrimitives.ReadDoubleLittleEndian(raw), output);
                break;
            case BinlogColumnType.NewDecimal:
                DecimalText.Write(raw, column.Metadata >> 8, column.Metadata & 0xFF, output);
                break;
            case BinlogColumnType.Date or BinlogColumnType.NewDate:
                TemporalText.Date(raw, output);
                break;
            case BinlogColumnType.DateTime2:
                TemporalText.DateTime2(raw, column.Metadata, output);
                break;
            case BinlogColumnType.Timestamp2:
                TemporalText.Timestamp2(raw, column.Metadata, output);
                break;
            case BinlogColumnType.Time2:
                TemporalText.Time2(raw, column.Metadata, output);
                break;
            case BinlogColumnType.DateTime:
                TemporalText.DateTime(raw, output);
                break;
            case BinlogColumnType.Timestamp:
                TemporalText.Timestamp(raw, output);
                break;
            case BinlogColumnType.Time:
                TemporalText.Time(raw, output);
                break;
            case BinlogColumnType.Json:
                BinlogJson.WriteText(raw, output);
                break;
            case BinlogColumnType.String or BinlogColumnType.VarString:
                output.Write(raw);
                if (column.CollationId == BinaryCollation && raw.Length < column.Metadata)
                {
                    int missing = column.Metadata - raw.Length;
                    output.GetSpan(missing)[..missing].Clear();
                    output.Advance(missing);
                }

                break;
            default: // what has a length in front is bytes
                output.Write(raw);
                break;
        }
    }

    private static void WriteInteger(ReadOnlySpan<byte> raw, bool unsigned, IBufferWriter<byte> output)
    {
        ulong value = LittleEndian(raw);
        if (unsigned)
        {
            TextOutput.Integer(output, value);
        }
        else
        {
            int shift = 64 - (8 * raw.Length);
            TextOutput.Integer(output, (long)(value << shift) >> shift);
        }
    }

    private static void WriteDouble(double value, IBufferWriter<byte> output)
    {
        if (!double.IsFinite(value))
        {
            throw new MySqlProtocolException("a floating-point value that is not finite");
        }

        TextOutput.Double(output, value);
    }

    private static ulong LittleEndian(ReadOnlySpan<byte> raw)
    {
        ulong value = 0;
        for (int i = raw.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | raw[i];
        }

        return value;
    }

    private static ulong BigEndian(ReadOnlySpan<byte> raw)
    {
        ulong value = 0;
        foreach (byte part in raw)
        {
            value = (value << 8) | part;
        }

        return value;
    }
}
