using System.Buffers;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>An SQL expression whose value becomes a TIMESTAMP node inside a JSON document. No CAST makes one; a column does.</summary>
internal static class JsonTimestampExpression
{
    /// <summary>Writes what stands before the text of the value.</summary>
    /// <exception cref="DtsMigrateException">JsonValueNotRepresentable: the server has no JSON_TABLE.</exception>
    public static void WriteHead(ServerVersion server, IBufferWriter<byte> output)
    {
        if (!server.HasJsonTable)
        {
            throw new DtsMigrateException("JsonValueNotRepresentable", "A JSON document holds a TIMESTAMP, for which SQL of a destination before 8.0.4 has no expression that keeps its type.")
            {
                RecommendedAction = "Migrate to a newer server, or store such values as DATETIME or text inside JSON.",
            };
        }

        output.Write("(SELECT v FROM JSON_TABLE(_utf8mb4 '[\""u8);
    }

    /// <summary>Writes what stands after it.</summary>
    public static void WriteTail(IBufferWriter<byte> output) => output.Write("\"]', _utf8mb4 '$[*]' COLUMNS (v TIMESTAMP(6) PATH _utf8mb4 '$')) AS t)"u8);
}
