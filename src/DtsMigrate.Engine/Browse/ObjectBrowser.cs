using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Browse;

/// <summary>Lists what a server has that a task may select. System databases and our own are left out.</summary>
public static class ObjectBrowser
{
    private const string TablesSql =
        """
        SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.TABLE_TYPE, t.ENGINE, t.TABLE_ROWS, t.DATA_LENGTH + t.INDEX_LENGTH, k.CONSTRAINT_NAME IS NOT NULL
        FROM information_schema.TABLES t
        LEFT JOIN information_schema.TABLE_CONSTRAINTS k ON k.TABLE_SCHEMA = t.TABLE_SCHEMA AND k.TABLE_NAME = t.TABLE_NAME AND k.CONSTRAINT_TYPE = 'PRIMARY KEY'
        WHERE t.TABLE_SCHEMA NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema', 'dts_migrate')
        ORDER BY t.TABLE_SCHEMA, t.TABLE_NAME
        """;

    private static readonly string[] Hidden = ["mysql", "sys", "performance_schema", "information_schema", "dts_migrate"];

    /// <summary>The databases, in name order.</summary>
    /// <param name="server">Server.</param>
    /// <param name="database">Chooses databases by name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MySqlServerException">The server refused.</exception>
    public static async Task<IReadOnlyList<MigrationObject>> DatabasesAsync(ServerConnector server, Func<string, bool> database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        MySqlSession session = await server.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var names = await session.QueryRowsAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME", cancellationToken).ConfigureAwait(false);
            ILookup<string, MigrationObject> tables = (await ReadAsync(session, cancellationToken).ConfigureAwait(false)).ToLookup(table => table.Database, StringComparer.Ordinal);
            return
            [
                .. names.Select(row => row.GetString(0))
                    .Where(name => !Hidden.Contains(name, StringComparer.OrdinalIgnoreCase) && database(name))
                    .Select(name => new MigrationObject
                    {
                        Type = "Database",
                        Database = name,
                        Tables = tables[name].Count(item => item.Type == "Table"),
                        RowsEstimate = tables[name].Sum(item => item.RowsEstimate ?? 0),
                        Bytes = tables[name].Sum(item => item.Bytes ?? 0),
                    }),
            ];
        }
    }

    /// <summary>The tables and views, in the order of databases and names.</summary>
    /// <param name="server">Server.</param>
    /// <param name="wanted">Chooses by database and table.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MySqlServerException">The server refused.</exception>
    public static async Task<IReadOnlyList<MigrationObject>> TablesAsync(ServerConnector server, Func<MigrationObject, bool> wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        MySqlSession session = await server.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            return [.. (await ReadAsync(session, cancellationToken).ConfigureAwait(false)).Where(wanted)];
        }
    }

    private static async Task<IEnumerable<MigrationObject>> ReadAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(TablesSql, cancellationToken).ConfigureAwait(false);
        return rows.Select(row =>
        {
            bool isView = row.GetString(2).EndsWith("VIEW", StringComparison.Ordinal);
            return new MigrationObject
            {
                Type = isView ? "View" : "Table",
                Database = row.GetString(0),
                Table = row.GetString(1),
                Engine = row.GetStringOrNull(3),
                RowsEstimate = row.IsNull(4) ? null : Clamp(row.GetUInt64(4)),
                Bytes = row.IsNull(5) ? null : Clamp(row.GetUInt64(5)),
                HasPrimaryKey = isView ? null : row.GetInt64(6) != 0,
            };
        });
    }

    private static long Clamp(ulong value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
