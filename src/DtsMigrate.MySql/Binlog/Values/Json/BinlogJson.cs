using System.Buffers;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

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
    /// <param name="server">The server that is to evaluate the expression: old ones give other types to the same SQL.</param>
    /// <param name="output">Where the expression goes, ASCII. When an exception is thrown, a part may have been written.</param>
    /// <returns>False, and nothing written, when the text of <see cref="WriteText"/> is exact.</returns>
    /// <exception cref="MySqlProtocolException">The bytes are not a JSON value.</exception>
    /// <exception cref="DtsMigrateException">JsonValueNotRepresentable: it holds a binary value of a kind that no SQL expression makes.</exception>
    public static bool TryWriteExpression(ReadOnlySpan<byte> raw, ServerVersion server, IBufferWriter<byte> output)
    {
        if (!NeedsExpression(raw))
        {
            return false;
        }

        bool container = JsonType.IsContainer(raw[0]);
        long budget = raw.Length - 1;
        output.Write(container ? ""u8 : "CAST("u8);
        new JsonExpressionWriter(server, output).Write(raw[0], raw[1..], inlined: false, depth: 0, ref budget);
        output.Write(container ? ""u8 : " AS JSON)"u8);
        return true;
    }

    /// <summary>True when the text of <see cref="WriteText"/> does not tell the types of all of the document's nodes.</summary>
    /// <param name="raw">The value from <see cref="RowImage.GetRaw"/>.</param>
    /// <exception cref="MySqlProtocolException">The bytes are not a JSON value.</exception>
    public static bool NeedsExpression(ReadOnlySpan<byte> raw)
    {
        long budget = raw.Length - 1;
        return !raw.IsEmpty && JsonTypeScanner.NeedsExpression(raw[0], raw[1..], inlined: false, depth: 0, ref budget);
    }
}
