using System.Globalization;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Assessment;

/// <summary>Most bytes of a value by its column's type and character set (MySQL manual, "Data Type Storage Requirements").</summary>
/// <param name="charsets">Bytes of the longest character, by character set.</param>
internal sealed class ByteLengths(IReadOnlyDictionary<string, int> charsets)
{
    private const long Unbounded = 1 << 16;

    /// <summary>Reads the character sets of a server.</summary>
    public static async Task<ByteLengths> ReadAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync("SELECT CHARACTER_SET_NAME, MAXLEN FROM information_schema.CHARACTER_SETS", cancellationToken).ConfigureAwait(false);
        return new ByteLengths(rows.ToDictionary(r => r.GetString(0), r => (int)r.GetInt64(1), StringComparer.Ordinal));
    }

    /// <summary>Bytes of a column, or of a prefix of it in characters (bytes for binary types); 65536 for what has no bound of its own.</summary>
    public long Of(ColumnDefinition column, int? prefix)
    {
        int character = column.Charset is { } charset ? charsets.GetValueOrDefault(charset, 4) : 1;
        if (prefix is { } length)
        {
            return (long)length * character;
        }

        return column.DataType switch
        {
            "char" or "varchar" or "binary" or "varbinary" => (long)Number(column.ColumnType, 1) * character,
            "tinyint" or "year" => 1,
            "smallint" => 2,
            "mediumint" or "date" => 3,
            "int" or "float" => 4,
            "bigint" or "double" => 8,
            "time" => 6,
            "timestamp" => 7,
            "datetime" => 8,
            "enum" => 2,
            "set" => 8,
            "bit" => (Number(column.ColumnType, 1) + 7) / 8,

            // Nine digits take four bytes.
            "decimal" => (Number(column.ColumnType, 10) * 4 / 9) + 4,
            _ => Unbounded,
        };
    }

    private static int Number(string columnType, int otherwise)
    {
        int open = columnType.IndexOf('(', StringComparison.Ordinal);
        int end = open < 0 ? -1 : columnType.AsSpan(open).IndexOfAny(',', ')');
        return end > 0 && int.TryParse(columnType.AsSpan(open + 1, end - 1), CultureInfo.InvariantCulture, out int number) ? number : otherwise;
    }
}
