using System.Runtime.CompilerServices;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>
/// Reads information_schema, one query per database and kind, so that thousands of tables cost a few queries. information_schema compares
/// names without case whatever lower_case_table_names is, so every name that comes back is compared again here.
/// </summary>
internal sealed class CatalogReader
{
    private const int UnknownDatabase = 1049;
    private const int NoSuchTable = 1146;

    /// <summary>Some hundred kilobytes of answers.</summary>
    private const int CreatesOfBatch = 100;

    private readonly MySqlSession _session;

    private CatalogReader(MySqlSession session, StringComparer names)
    {
        _session = session;
        Names = names;
    }

    /// <summary>How this server compares names of databases and tables.</summary>
    public StringComparer Names { get; }

    /// <summary>
    /// Makes definitions readable in full and in one form: generated invisible primary keys shown, row estimates fresh, names quoted with
    /// back-ticks, TIMESTAMP defaults in UTC.
    /// </summary>
    public static async Task<CatalogReader> OpenAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var version = session.ServerVersion;
        string sql = "SET SESSION sql_quote_show_create=1, time_zone='+00:00'";
        if (version.IsAtLeast(8, 0, 3))
        {
            sql += ", information_schema_stats_expiry=0";
        }

        if (version.IsAtLeast(8, 0, 30))
        {
            sql += ", show_gipk_in_create_table_and_information_schema=ON";
        }

        await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
        var rows = await session.QueryRowsAsync("SELECT @@lower_case_table_names", cancellationToken).ConfigureAwait(false);
        return new CatalogReader(session, rows[0].GetInt64(0) == 0 ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All databases.</summary>
    public async Task<IReadOnlyList<CatalogDatabase>> ReadDatabasesAsync(CancellationToken cancellationToken)
    {
        string encryption = _session.ServerVersion.IsAtLeast(8, 0, 16) ? "DEFAULT_ENCRYPTION" : "'NO'";
        var rows = await _session.QueryRowsAsync(
            $"SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, {encryption} FROM information_schema.SCHEMATA", cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(r => new CatalogDatabase(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3) == "YES"))];
    }

    /// <summary>All tables and views of a database, or one of them, in name order.</summary>
    public async Task<IReadOnlyList<CatalogTable>> ReadTablesAsync(string database, string? table, CancellationToken cancellationToken)
    {
        var rows = await _session.QueryRowsAsync(
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, TABLE_ROWS, DATA_LENGTH, INDEX_LENGTH, CREATE_OPTIONS FROM information_schema.TABLES"
            + Where(database, table), cancellationToken).ConfigureAwait(false);
        return [.. rows.Where(r => IsWanted(r, database, table))
            .Select(r => new CatalogTable(
                r.GetString(1),
                r.GetString(2),
                r.GetStringOrNull(3) ?? string.Empty,
                r.GetStringOrNull(4),
                r.IsNull(5) ? 0 : Clamp(r.GetUInt64(5)),
                r.IsNull(6) ? 0 : Clamp(r.GetUInt64(6)),
                r.IsNull(7) ? 0 : Clamp(r.GetUInt64(7)),
                r.GetStringOrNull(8) ?? string.Empty))
            .OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    /// <summary>Columns of all tables of a database, or of one table, by exact table name, in ordinal order.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<ColumnDefinition>>> ReadColumnsAsync(
        string database, string? table, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<string, List<ColumnDefinition>>(Names);
        await foreach (var row in ReadRowsAsync(
            "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, IS_NULLABLE, EXTRA, COLUMN_DEFAULT IS NOT NULL FROM information_schema.COLUMNS"
            + Where(database, table), cancellationToken).ConfigureAwait(false))
        {
            if (IsWanted(row, database, table))
            {
                Listed(tables, row.GetString(1)).Add(ToColumn(row));
            }
        }

        return tables.ToDictionary(t => t.Key, t => (IReadOnlyList<ColumnDefinition>)[.. t.Value.OrderBy(c => c.Index).Select((c, i) => c.Index == i ? c : c with { Index = i })], Names);
    }

    /// <summary>Index parts of all tables of a database, or of one table, by exact table name, in key order.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<CatalogKeyPart>>> ReadKeyPartsAsync(
        string database, string? table, CancellationToken cancellationToken)
    {
        string expression = _session.ServerVersion.IsAtLeast(8, 0, 13) ? "EXPRESSION" : "NULL";
        string visible = _session.ServerVersion.IsAtLeast(8, 0, 0) ? "IS_VISIBLE" : "'YES'";
        var tables = new Dictionary<string, List<(long Place, CatalogKeyPart Part)>>(Names);
        await foreach (var row in ReadRowsAsync(
            $"SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, COLUMN_NAME, SUB_PART, NULLABLE, {expression}, COLLATION, {visible} FROM information_schema.STATISTICS"
            + Where(database, table), cancellationToken).ConfigureAwait(false))
        {
            if (IsWanted(row, database, table))
            {
                Listed(tables, row.GetString(1)).Add((row.GetInt64(3), ToKeyPart(row)));
            }
        }

        return tables.ToDictionary(
            t => t.Key,
            t => (IReadOnlyList<CatalogKeyPart>)[.. t.Value.OrderBy(p => p.Part.Index, StringComparer.Ordinal).ThenBy(p => p.Place).Select(p => p.Part)],
            Names);
    }

    /// <summary>Foreign keys of all tables of a database, by exact table name. Before 8.0 an account sees them with SHOW CREATE TABLE only.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<ForeignKeyDefinition>>> ReadForeignKeysAsync(string database, CancellationToken cancellationToken)
    {
        var rules = new Dictionary<string, (string Table, string OnUpdate, string OnDelete)>(StringComparer.OrdinalIgnoreCase);
        await foreach (var row in ReadRowsAsync(
            $"SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = {SqlText.Literal(database)}",
            cancellationToken).ConfigureAwait(false))
        {
            if (IsWanted(row, database, null))
            {
                rules[row.GetString(2)] = (row.GetString(1), row.GetString(3), row.GetString(4));
            }
        }

        var columns = new Dictionary<string, List<(long Place, string Column, QualifiedName Parent, string ParentColumn)>>(StringComparer.OrdinalIgnoreCase);
        await foreach (var row in ReadRowsAsync(
            "SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE"
            + $" WHERE TABLE_SCHEMA = {SqlText.Literal(database)} AND REFERENCED_TABLE_NAME IS NOT NULL", cancellationToken).ConfigureAwait(false))
        {
            if (IsWanted(row, database, null))
            {
                Listed(columns, row.GetString(2)).Add((row.GetInt64(3), row.GetString(4), new QualifiedName(row.GetString(5), row.GetString(6)), row.GetString(7)));
            }
        }

        var keys = new Dictionary<string, List<ForeignKeyDefinition>>(Names);
        foreach (var (name, rule) in rules.Where(r => columns.ContainsKey(r.Key)))
        {
            var own = columns[name].OrderBy(c => c.Place).ToList();
            Listed(keys, rule.Table).Add(new ForeignKeyDefinition(name, [.. own.Select(c => c.Column)], own[0].Parent, [.. own.Select(c => c.ParentColumn)], rule.OnDelete, rule.OnUpdate));
        }

        return keys.ToDictionary(k => k.Key, k => (IReadOnlyList<ForeignKeyDefinition>)k.Value, Names);
    }

    /// <summary>SHOW CREATE TABLE; null when the table does not exist.</summary>
    public async Task<string?> ReadCreateAsync(QualifiedName table, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await _session.QueryRowsAsync($"SHOW CREATE TABLE {table.ToSql()}", cancellationToken).ConfigureAwait(false);
            return rows[0].GetString(1);
        }
        catch (MySqlServerException e) when (e.Errno is NoSuchTable or UnknownDatabase)
        {
            return null;
        }
    }

    /// <summary>SHOW CREATE TABLE of many tables, so many of them in one round trip; without those that do not exist.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadCreatesAsync(string database, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        int next = 0;
        while (next < tables.Count)
        {
            int end = Math.Min(next + CreatesOfBatch, tables.Count);
            var answers = new List<IReadOnlyList<TextRow>>();
            bool isMissing = false;
            try
            {
                await _session.QueryBatchAsync(string.Join(';', Enumerable.Range(next, end - next).Select(i => $"SHOW CREATE TABLE {new QualifiedName(database, tables[i]).ToSql()}")), answers, cancellationToken).ConfigureAwait(false);
            }
            catch (MySqlServerException e) when (e.Errno is NoSuchTable or UnknownDatabase)
            {
                // Dropped since it was listed. Those after it have not been asked for.
                isMissing = true;
            }

            for (int i = 0; i < answers.Count; i++)
            {
                found[tables[next + i]] = answers[i][0].GetString(1);
            }

            next += answers.Count + (isMissing ? 1 : 0);
        }

        return found;
    }

    // Row by row: all columns of ten thousand tables at once would take hundreds of megabytes.
    private async IAsyncEnumerable<CatalogRow> ReadRowsAsync(string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var result = await _session.QueryAsync(sql, cancellationToken).ConfigureAwait(false);
        await using (result.ConfigureAwait(false))
        {
            var row = new CatalogRow(result.Columns.Count);
            while (await result.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                row.Take(result.Fields);
                yield return row;
            }
        }
    }

    private static List<T> Listed<T>(Dictionary<string, List<T>> lists, string name)
    {
        if (!lists.TryGetValue(name, out var list))
        {
            lists.Add(name, list = []);
        }

        return list;
    }

    private bool IsWanted(CatalogRow row, string database, string? table) =>
        Names.Equals(row.GetString(0), database) && (table is null || Names.Equals(row.GetString(1), table));

    private bool IsWanted(TextRow row, string database, string? table) =>
        Names.Equals(row.GetString(0), database) && (table is null || Names.Equals(row.GetString(1), table));

    private static string Where(string database, string? table) =>
        $" WHERE TABLE_SCHEMA = {SqlText.Literal(database)}" + (table is null ? string.Empty : $" AND TABLE_NAME = {SqlText.Literal(table)}");

    private static ColumnDefinition ToColumn(CatalogRow row)
    {
        string extra = row.GetString(9);
        return new ColumnDefinition
        {
            Name = row.GetString(2),
            Index = (int)row.GetInt64(3) - 1,
            DataType = row.GetLower(4),
            ColumnType = row.GetString(5),
            Charset = row.GetStringOrNull(6),
            Collation = row.GetStringOrNull(7),
            IsNullable = row.GetString(8) == "YES",
            // DEFAULT_GENERATED, an expression as default, is not a generated column.
            IsGenerated = extra.Contains("VIRTUAL GENERATED", StringComparison.OrdinalIgnoreCase) || extra.Contains("STORED GENERATED", StringComparison.OrdinalIgnoreCase),
            IsAutoIncrement = extra.Contains("auto_increment", StringComparison.OrdinalIgnoreCase),
            HasDefault = row.GetString(10) == "1",
            IsInvisible = extra.Contains("INVISIBLE", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static CatalogKeyPart ToKeyPart(CatalogRow row) => new(
        row.GetString(2),
        row.GetString(4) == "0",
        row.GetStringOrNull(5),
        row.IsNull(6) ? null : (int)row.GetInt64(6),
        row.GetStringOrNull(7) == "YES",
        row.GetStringOrNull(8),
        row.GetStringOrNull(9) == "D",
        row.GetString(10) == "YES");

    private static long Clamp(ulong value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
