using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// The columns that a table is cut by, from a unique key: leading ENUM and SET columns, which a scope fixes to one value each, then all columns up to the next of these
/// types, which ranges run over. Ranges are (lower, upper] in the order of the index, so rows that tie are always in one chunk. All comparing is done by the server.
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
        UseIndex = $"USE INDEX ({SqlText.Name(index)})";
        ForceIndex = $"FORCE INDEX ({SqlText.Name(index)})";
        Bound = string.Join(',', columns.Select(c => c.Select));
    }

    /// <summary>Number of columns of a bound; 0 when scopes are not cut.</summary>
    public int Count => _columns.Count;

    /// <summary>Number of columns that a scope fixes.</summary>
    public int FixedCount => _fixed.Count;

    /// <summary>The key is the whole of a unique key without NULLs: no two rows of a scope tie on it, so a chunk may end after any row.</summary>
    public bool IsUnique { get; }

    /// <summary>The index hint.</summary>
    public string ForceIndex { get; }

    /// <summary>The hint for estimates: with an index that is forced the server saves itself the look into it (reference manual, "Equality Range Optimization", on index dives).</summary>
    public string UseIndex { get; }

    /// <summary>It is one integer column, so that bounds can be worked out.</summary>
    public bool IsCountable => FixedCount == 0 && Count == 1 && _columns[0].IsCountable;

    /// <summary>The SELECT list of a row that <see cref="ToLiterals(TextRow)"/> takes.</summary>
    public string Bound { get; }

    /// <summary>The key of a table; null when it has none to cut by.</summary>
    /// <param name="table">Table.</param>
    /// <param name="allowNullable">
    /// A unique key with NULLs will do. Rows that tie on NULL stay in one chunk. For copies of one snapshot only: such a key identifies no row.
    /// </param>
    public static ChunkKey? For(TableDefinition table, bool allowNullable = false)
    {
        if (FindKey(table, allowNullable) is not { } key)
        {
            return null;
        }

        KeyColumn[] columns = [.. key.Columns.Select((c, i) => new KeyColumn(c, key.IsDescending(i)))];
        int leading = key.Columns.TakeWhile(KeyColumn.IsFixed).Count();
        int ordered = key.Columns.Skip(leading).TakeWhile(KeyColumn.IsOrdered).Count();

        // Without a column to cut by behind them, fixing the last one as well would make a chunk of every row.
        int @fixed = ordered > 0 ? leading : Math.Max(0, leading - 1);
        return @fixed + ordered == 0 ? null : new ChunkKey(key.Name, columns[..@fixed], columns[leading..(leading + ordered)], !key.IsNullable && leading + ordered == columns.Length);
    }

    /// <summary>True when the rows of a scope can be cut into ranges: its fixed columns are all that the key has to fix.</summary>
    public bool CanCut(ChunkScope? scope) => Count > 0 && (scope?.Fixed.Count ?? 0) == FixedCount;

    /// <summary>WHERE clause of a range, with a leading space; empty when it is the whole table or partition.</summary>
    /// <param name="scope">Fixed columns; null for none.</param>
    /// <param name="lower">Exclusive lower bound, one literal per column.</param>
    /// <param name="upper">Inclusive upper bound.</param>
    public string Where(ChunkScope? scope, IReadOnlyList<string>? lower, IReadOnlyList<string>? upper)
    {
        var sql = new StringBuilder();
        for (int i = 0; i < (scope?.Fixed.Count ?? 0); i++)
        {
            Next(sql).Append(_fixed[i].Equal(scope!.Fixed[i]));
        }

        if (lower is not null)
        {
            AppendBound(Next(sql), lower, static (c, l) => c.From(l), static (c, l) => c.After(l), static (c, l) => c.After(l));
        }

        if (upper is not null)
        {
            AppendBound(Next(sql), upper, static (c, l) => c.UpTo(l), static (c, l) => c.Before(l), static (c, l) => c.UpTo(l));
        }

        return sql.ToString();
    }

    /// <summary>
    /// ORDER BY clause of a range, with a leading space: the order of the index. Without the columns that have one value there, which servers do not always see when they look whether
    /// they have to sort: fixed ones, which are compared by number, and, before 9.0, a first column that is NULL.
    /// </summary>
    /// <param name="scope">Fixed columns; null for none.</param>
    /// <param name="lower">Exclusive lower bound.</param>
    /// <param name="upper">Inclusive upper bound.</param>
    public string OrderBy(ChunkScope? scope, IReadOnlyList<string>? lower, IReadOnlyList<string>? upper)
    {
        bool isNull = _columns.Count > 1 && _columns[0].IsNullWithin(lower?[0], upper?[0]);
        string list = string.Join(',', _fixed.Skip(scope?.Fixed.Count ?? 0).Concat(_columns.Skip(isNull ? 1 : 0)).Select(c => c.Order));
        return list.Length == 0 ? string.Empty : " ORDER BY " + list;
    }

    /// <summary>Selects the combinations of values that the first fixed columns have, in the order of the index, by a loose index scan.</summary>
    /// <param name="from">FROM and table, with a partition where there is one.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="limit">Most combinations.</param>
    public string SelectFixed(string from, int columns, int limit)
    {
        var distinct = _fixed.Take(columns).Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"{c.Distinct} AS c{i}"));
        var numbers = Enumerable.Range(0, columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"CAST(c{i} AS UNSIGNED)"));
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {string.Join(',', numbers)} FROM (SELECT DISTINCT {string.Join(',', distinct)}{from} {ForceIndex} LIMIT {limit}) v");
    }

    /// <summary>The columns of a bound, in the order of the key.</summary>
    public IReadOnlyList<KeyColumn> Columns => _columns;

    /// <summary>The literals of a bound, from a row of <see cref="Bound"/> as raw bytes.</summary>
    public string[] ToLiterals(TextRow row) => ToLiterals(Values(row));

    /// <summary>The literals of a bound, from the raw bytes of its columns, null for NULL.</summary>
    public string[] ToLiterals(IEnumerable<byte[]?> values) => [.. _columns.Zip(values, static (column, value) => column.ToLiteral(value))];

    /// <summary>The literals of fixed columns, from a row of <see cref="SelectFixed"/>.</summary>
    public string[] ToFixed(TextRow row) => [.. _fixed.Zip(Values(row), static (column, value) => column.ToLiteral(value))];

    private static IEnumerable<byte[]?> Values(TextRow row) => Enumerable.Range(0, row.Count).Select(i => row.IsNull(i) ? null : row.GetBytes(i));

    /// <summary>
    /// PRIMARY, else the unique key that InnoDB clusters rows by: the first without NULLs, in the order of SHOW CREATE TABLE. An index that is invisible cannot be forced.
    /// </summary>
    private static KeyDefinition? FindKey(TableDefinition table, bool allowNullable)
    {
        var keys = table.UniqueKeys.Where(k => k.IsPlain && k.IsVisible).ToArray();
        return keys.FirstOrDefault(k => k.Name == "PRIMARY")
            ?? keys.Where(k => allowNullable || !k.IsNullable)
                .OrderBy(k => k.IsNullable)
                .ThenBy(k => (uint)table.CreateSql.IndexOf($"UNIQUE KEY {SqlText.Name(k.Name)} (", StringComparison.Ordinal))
                .FirstOrDefault();
    }

    private static StringBuilder Next(StringBuilder sql) => sql.Append(sql.Length == 0 ? " WHERE " : " AND ");

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
