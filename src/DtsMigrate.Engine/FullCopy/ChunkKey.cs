using System.Text;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// The columns that a table is cut by: the identity key, or its longest prefix of types whose order in the index is their order in
/// comparisons. Ranges are (lower, upper], so rows that tie on a prefix are always in one chunk. All comparing is done by the server.
/// </summary>
internal sealed class ChunkKey
{
    private readonly IReadOnlyList<KeyColumn> _fixed;
    private readonly IReadOnlyList<KeyColumn> _columns;

    private ChunkKey(string index, IReadOnlyList<KeyColumn> @fixed, IReadOnlyList<KeyColumn> columns, bool isUnique)
    {
        _fixed = @fixed;
        _columns = columns;
        IsUnique = isUnique;
        ForceIndex = $"FORCE INDEX ({SqlText.Name(index)})";
        Order = string.Join(',', columns.Select(c => c.Order));
        Bound = string.Join(',', columns.Select(c => c.Select));
    }

    /// <summary>Number of columns of a bound.</summary>
    public int Count => _columns.Count;

    /// <summary>The key is the whole of a unique key: no two rows of a scope tie on it, so a chunk may end after any row.</summary>
    public bool IsUnique { get; }

    /// <summary>The index hint.</summary>
    public string ForceIndex { get; }

    /// <summary>The ORDER BY list: the order of the index.</summary>
    public string Order { get; }

    /// <summary>The SELECT list of a row that <see cref="ToLiterals(TextRow)"/> takes.</summary>
    public string Bound { get; }

    /// <summary>The key of a table; null when it has none to cut by.</summary>
    public static ChunkKey? For(TableDefinition table)
    {
        if (table.IdentityKey is not { } key)
        {
            return null;
        }

        var usable = key.Columns.TakeWhile(KeyColumn.IsOrdered).Select(c => new KeyColumn(c)).ToArray();
        return usable.Length == 0 ? null : new ChunkKey(key.Name, [], usable, usable.Length == key.Columns.Count);
    }

    /// <summary>True when rows of a scope can be cut into ranges: its fixed columns are all that the key has to fix.</summary>
    public bool CanCut(ChunkScope? scope) => (scope?.Fixed.Count ?? 0) == _fixed.Count;

    /// <summary>WHERE clause of a range, with a leading space; empty when it is the whole table or partition.</summary>
    /// <param name="scope">Fixed columns; null for none.</param>
    /// <param name="lower">Exclusive lower bound, one literal per column.</param>
    /// <param name="upper">Inclusive upper bound.</param>
    public string Where(ChunkScope? scope, IReadOnlyList<string>? lower, IReadOnlyList<string>? upper)
    {
        if (lower is null && upper is null)
        {
            return string.Empty;
        }

        var sql = new StringBuilder(" WHERE ");
        if (lower is not null)
        {
            AppendBound(sql, lower, static (c, l) => c.From(l), static (c, l) => c.After(l), static (c, l) => c.After(l));
        }

        if (upper is not null)
        {
            sql.Append(lower is null ? string.Empty : " AND ");
            AppendBound(sql, upper, static (c, l) => c.UpTo(l), static (c, l) => c.Before(l), static (c, l) => c.UpTo(l));
        }

        return sql.ToString();
    }

    /// <summary>The columns of a bound, in the order of the key.</summary>
    public IReadOnlyList<KeyColumn> Columns => _columns;

    /// <summary>The literals of a bound, from a row of <see cref="Bound"/> as raw bytes.</summary>
    public string[] ToLiterals(TextRow row) => ToLiterals(Enumerable.Range(0, _columns.Count).Select(row.GetBytes));

    /// <summary>The literals of a bound, from the raw bytes of its columns.</summary>
    public string[] ToLiterals(IEnumerable<byte[]> values) => [.. _columns.Zip(values, static (column, value) => column.ToLiteral(value))];

    /// <summary>
    /// (a > x) OR (a = x AND b > y) ..., with the redundant a >= x in front, which lets the optimiser see a range.
    /// </summary>
    /// <param name="sql">Appended to.</param>
    /// <param name="bound">Literals.</param>
    /// <param name="first">Condition on the first column alone.</param>
    /// <param name="inner">Condition on a column before the last.</param>
    /// <param name="last">Condition on the last column.</param>
    private void AppendBound(
        StringBuilder sql, IReadOnlyList<string> bound, Func<KeyColumn, string, string> first, Func<KeyColumn, string, string> inner, Func<KeyColumn, string, string> last)
    {
        if (_columns.Count == 1)
        {
            sql.Append(last(_columns[0], bound[0]));
            return;
        }

        sql.Append(first(_columns[0], bound[0])).Append(" AND (");
        for (int i = 0; i < _columns.Count; i++)
        {
            sql.Append(i == 0 ? "(" : " OR (");
            for (int j = 0; j < i; j++)
            {
                sql.Append(_columns[j].Equal(bound[j])).Append(" AND ");
            }

            sql.Append((i == _columns.Count - 1 ? last : inner)(_columns[i], bound[i])).Append(')');
        }

        sql.Append(')');
    }
}
