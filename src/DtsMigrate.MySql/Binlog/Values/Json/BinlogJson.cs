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
}
