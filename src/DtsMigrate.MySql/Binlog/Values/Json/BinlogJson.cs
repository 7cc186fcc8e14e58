using System.Buffers;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>JSON values of the binary log: type byte, then the value.</summary>
public static class BinlogJson
{
    /// <summary>Writes the document as the server prints it: key order as stored, ", " and ": " between, strings escaped the same way.</summary>
    /// <param name="raw">The value from <see cref="RowImage.GetRaw"/>. No bytes at all mean the JSON null that the server shows for them.</param>
    /// <param name="output">Where the text goes, UTF-8.</param>
    /// <exception cref="MySqlProtocolException">The bytes are not a JSON value.</exception>
    public static void WriteText(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (raw.IsEmpty)
        {
            output.Write("null"u8);
            return;
        }

        long budget = raw.Length - 1;
        JsonTextWriter.Write(raw[0], raw[1..], inlined: false, depth: 0, ref budget, output);
    }

    /// <summary>
    /// Writes an SQL expression that makes exactly this document again, when parsing its text would not: DECIMAL would become DOUBLE, temporal
    /// and binary values STRING, small UNSIGNED INTEGERs INTEGER, and servers before 9.x misround numbers of more than 15 digits.
    /// The expression needs a session with time_zone '+00:00' and without NO_ZERO_DATE, NO_ZERO_IN_DATE; with ALLOW_INVALID_DATES.
    /// </summary>
    /// <param name="raw">The value from <see cref="RowImage.GetRaw"/>.</param>
    /// <param name="output">Where the expression goes, ASCII. When an exception is thrown, a part may have been written.</param>
    /// <returns>False, and nothing written, when the text of <see cref="WriteText"/> is exact.</returns>
    /// <exception cref="MySqlProtocolException">The bytes are not a JSON value.</exception>
    /// <exception cref="DtsMigrateException">JsonValueNotRepresentable: it holds a binary value of a kind that no SQL expression makes.</exception>
    public static bool TryWriteExpression(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (raw.IsEmpty)
        {
            return false;
        }

        long budget = raw.Length - 1;
        if (!JsonTypeScanner.NeedsExpression(raw[0], raw[1..], inlined: false, depth: 0, ref budget))
        {
            return false;
        }

        bool container = JsonType.IsContainer(raw[0]);
        budget = raw.Length - 1;
        output.Write(container ? ""u8 : "CAST("u8);
        JsonExpressionWriter.Write(raw[0], raw[1..], inlined: false, depth: 0, ref budget, output);
        output.Write(container ? ""u8 : " AS JSON)"u8);
        return true;
    }
}
