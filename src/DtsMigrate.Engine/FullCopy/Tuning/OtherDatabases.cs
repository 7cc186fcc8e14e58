using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Tuning;

/// <summary>Databases of the destination that are neither the server's, nor the task's, nor ours.</summary>
internal static class OtherDatabases
{
    private const string Sql =
        "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE LOWER(SCHEMA_NAME) NOT IN ('mysql','sys','performance_schema','information_schema','dts_migrate') ORDER BY 1";

    /// <summary>Their names. An account without SHOW DATABASES sees only some.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(MySqlSession session, MigrationTask task, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(Sql, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => row.GetString(0)).Except(task.Objects.Select(database => database.To), StringComparer.OrdinalIgnoreCase)];
    }
}
