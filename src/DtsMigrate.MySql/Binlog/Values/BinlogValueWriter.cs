using System.Buffers;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>Turns a raw binlog value into text that the server reads back as exactly the same value.</summary>
public static class BinlogValueWriter
{
    /// <summary>
    /// Writes the value's text form:
    /// integers, YEAR, ENUM and SET (as their number) and BIT (as an unsigned integer) as decimal digits; DECIMAL as the server prints it;
    /// FLOAT widened to double, and DOUBLE, as the shortest text that reads back to the same bits, always with an exponent (<c>1.5e0</c>);
    /// DATE, DATETIME, TIME as the server prints them with all declared fraction digits, zero and partial dates included; TIMESTAMP in UTC;
    /// character and binary strings, BLOB, TEXT, GEOMETRY (SRID + WKB), VECTOR as their bytes, BINARY(n) padded back with 0x00 to n;
    /// JSON as the server's own text.
    /// </summary>
    /// <param name="column">The column of the table map.</param>
    /// <param name="unsigned">UNSIGNED; the caller knows it from the definition when the table map does not say.</param>
    /// <param name="raw">The value from <see cref="RowImage.GetRaw"/>.</param>
    /// <param name="output">Where the text goes.</param>
    /// <exception cref="MySqlProtocolException">The bytes are not a value of that type.</exception>
    public static void WriteText(TableMapColumn column, bool unsigned, ReadOnlySpan<byte> raw, IBufferWriter<byte> output) => throw new NotImplementedException();
}
