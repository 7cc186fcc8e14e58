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
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES"
            + Where(database, table), cancellationToken).ConfigureAwait(false);
        return [.. rows.Where(r => IsWanted(r, database, table))
            .Select(r => new CatalogTable(
                r.GetString(1), r.GetString(2), r.GetStringOrNull(3) ?? string.Empty, r.GetStringOrNull(4), r.IsNull(5) ? 0 : Clamp(r.GetUInt64(5)), r.IsNull(6) ? 0 : Clamp(r.GetUInt64(6))))
            .OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    /// <summary>Columns of all tables of a database, or of one table, by exact table name, in ordinal order.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<ColumnDefinition>>> ReadColumnsAsync(
        string database, string? table, CancellationToken cancellationToken)
    {
        var rows = await _session.QueryRowsAsync(
            "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, IS_NULLABLE, EXTRA, COLUMN_DEFAULT FROM information_schema.COLUMNS"
            + Where(database, table), cancellationToken).ConfigureAwait(false);
        return rows.Where(r => IsWanted(r, database, table))
            .GroupBy(r => r.GetString(1), Names)
            .ToDictionary(
                g => g.Key,
                g => (IReadOnlyList<ColumnDefinition>)[.. g.OrderBy(r => r.GetInt64(3)).Select(ToColumn)],
                Names);
    }

    /// <summary>Index parts of all tables of a database, or of one table, by exact table name, in key order.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<CatalogKeyPart>>> ReadKeyPartsAsync(
        string database, string? table, CancellationToken cancellationToken)
    {
        string expression = _session.ServerVersion.IsAtLeast(8, 0, 13) ? "EXPRESSION" : "NULL";
        string visible = _session.ServerVersion.IsAtLeast(8, 0, 0) ? "IS_VISIBLE" : "'YES'";
        var rows = await _session.QueryRowsAsync(
            $"SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, COLUMN_NAME, SUB_PART, NULLABLE, {expression}, COLLATION, {visible} FROM information_schema.STATISTICS"
            + Where(database, table), cancellationToken).ConfigureAwait(false);
        return rows.Where(r => IsWanted(r, database, table))
            .GroupBy(r => r.GetString(1), Names)
            .ToDictionary(
                g => g.Key,
                g => (IReadOnlyList<CatalogKeyPart>)[.. g.OrderBy(r => r.GetString(2), StringComparer.Ordinal).ThenBy(r => r.GetInt64(3)).Select(ToKeyPart)],
                Names);
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

    private bool IsWanted(TextRow row, string database, string? table) =>
        Names.Equals(row.GetString(0), database) && (table is null || Names.Equals(row.GetString(1), table));

    private static string Where(string database, string? table) =>
        $" WHERE TABLE_SCHEMA = {SqlText.Literal(database)}" + (table is null ? string.Empty : $" AND TABLE_NAME = {SqlText.Literal(table)}");

    private static ColumnDefinition ToColumn(TextRow row, int index)
    {
        string extra = row.GetString(9);
        return new ColumnDefinition
        {
            Name = row.GetString(2),
            Index = index,
#pragma warning disable CA1308 // MySQL writes type names in lower case.
            DataType = row.GetString(4).ToLowerInvariant(),
#pragma warning restore CA1308
            ColumnType = row.GetString(5),
            Charset = row.GetStringOrNull(6),
            Collation = row.GetStringOrNull(7),
            IsNullable = row.GetString(8) == "YES",
            // DEFAULT_GENERATED, an expression as default, is not a generated column.
            IsGenerated = extra.Contains("VIRTUAL GENERATED", StringComparison.OrdinalIgnoreCase) || extra.Contains("STORED GENERATED", StringComparison.OrdinalIgnoreCase),
            IsAutoIncrement = extra.Contains("auto_increment", StringComparison.OrdinalIgnoreCase),
            HasDefault = !row.IsNull(10),
            IsInvisible = extra.Contains("INVISIBLE", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static CatalogKeyPart ToKeyPart(TextRow row) => new(
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
