using System.Text;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// The columns that a table is cut by: the identity key, or its longest prefix of types whose order in the index is their order in
/// comparisons. Ranges are (lower, upper], so rows that tie on a prefix are always in one chunk. All comparing is done by the server.
/// </summary>
internal sealed class ChunkKey
{
    private readonly IReadOnlyList<ColumnDefinition> _columns;

    private ChunkKey(string index, IReadOnlyList<ColumnDefinition> columns)
    {
        _columns = columns;
        ForceIndex = $"FORCE INDEX ({SqlText.Name(index)})";
        Order = string.Join(',', columns.Select(c => SqlText.Name(c.Name)));
    }

    /// <summary>Number of key columns.</summary>
    public int Count => _columns.Count;

    /// <summary>The index hint.</summary>
    public string ForceIndex { get; }

    /// <summary>The key columns, comma separated; also the list that selects a bound.</summary>
    public string Order { get; }

    /// <summary>The key of a table; null when it has none to cut by.</summary>
    public static ChunkKey? For(TableDefinition table)
    {
        if (table.IdentityKey is not { } key)
        {
            return null;
        }

        var usable = key.Columns.TakeWhile(IsOrdered).ToArray();
        return usable.Length == 0 ? null : new ChunkKey(key.Name, usable);
    }

    /// <summary>WHERE clause of a range, with a leading space; empty when unbounded on both sides.</summary>
    /// <param name="lower">Exclusive lower bound, one literal per column.</param>
    /// <param name="upper">Inclusive upper bound.</param>
    public string Where(IReadOnlyList<string>? lower, IReadOnlyList<string>? upper)
    {
        if (lower is null && upper is null)
        {
            return string.Empty;
        }

        var sql = new StringBuilder(" WHERE ");
        if (lower is not null)
        {
            AppendBound(sql, lower, ">", ">");
        }

        if (upper is not null)
        {
            sql.Append(lower is null ? string.Empty : " AND ");
            AppendBound(sql, upper, "<", "<=");
        }

        return sql.ToString();
    }

    /// <summary>The literals of a bound, from a row that holds the key columns as raw bytes.</summary>
    public string[] ToLiterals(TextRow row)
    {
        var literals = new string[_columns.Count];
        for (int i = 0; i < literals.Length; i++)
        {
            literals[i] = ToLiteral(_columns[i], row.GetBytes(i));
        }

        return literals;
    }

    /// <summary>
    /// Types that may be cut by. Not ENUM and SET (ordered by number, compared with strings as strings), not FLOAT and DOUBLE (no exact literal), not BIT, and none that
    /// an index holds only a prefix of.
    /// </summary>
    private static bool IsOrdered(ColumnDefinition column) => column.DataType is
        "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "decimal" or "year"
        or "date" or "datetime" or "timestamp" or "time"
        or "char" or "varchar" or "binary" or "varbinary";

    private static string ToLiteral(ColumnDefinition column, byte[] value)
    {
        switch (column.DataType)
        {
            case "char" or "varchar":
                string introducer = "_" + column.Charset;
                string text = value.Length == 0 ? $"{introducer}''" : $"{introducer} 0x{Convert.ToHexString(value)}";
                return $"{text} COLLATE {column.Collation}";
            case "binary" or "varbinary":
                return value.Length == 0 ? "_binary''" : $"_binary 0x{Convert.ToHexString(value)}";
            case "date" or "datetime" or "timestamp" or "time":
                return $"'{Encoding.ASCII.GetString(value)}'";
            default:
                return Encoding.ASCII.GetString(value);
        }
    }

    /// <summary>
    /// (a > x) OR (a = x AND b > y) ..., with the redundant a >= x in front, which lets the optimiser see a range.
    /// </summary>
    /// <param name="sql">Appended to.</param>
    /// <param name="bound">Literals.</param>
    /// <param name="strict">Comparison of the columns before the last.</param>
    /// <param name="last">Comparison of the last column.</param>
    private void AppendBound(StringBuilder sql, IReadOnlyList<string> bound, string strict, string last)
    {
        if (_columns.Count == 1)
        {
            sql.Append(Name(0)).Append(last).Append(bound[0]);
            return;
        }

        sql.Append(Name(0)).Append(strict).Append('=').Append(bound[0]).Append(" AND (");
        for (int i = 0; i < _columns.Count; i++)
        {
            sql.Append(i == 0 ? "(" : " OR (");
            for (int j = 0; j < i; j++)
            {
                sql.Append(Name(j)).Append('=').Append(bound[j]).Append(" AND ");
            }

            sql.Append(Name(i)).Append(i == _columns.Count - 1 ? last : strict).Append(bound[i]).Append(')');
        }

        sql.Append(')');
    }

    private string Name(int column) => SqlText.Name(_columns[column].Name);
}
