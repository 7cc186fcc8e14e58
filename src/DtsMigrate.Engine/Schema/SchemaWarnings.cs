using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>Brings the server's warnings about a DDL statement to the log.</summary>
internal static class SchemaWarnings
{
    /// <summary>Logs the warnings of the statement that the session has just run.</summary>
    public static async Task LogAsync(MySqlSession session, IRunLog log, QualifiedName table, StatementResult result, CancellationToken cancellationToken)
    {
        if (result.Warnings == 0)
        {
            return;
        }

        foreach (var row in await session.QueryRowsAsync("SHOW WARNINGS", cancellationToken).ConfigureAwait(false))
        {
            log.Write(LogLevel.Warning, "Schema", $"{table}: {row.GetString(0)} {row.GetString(1)}: {row.GetString(2)}");
        }
    }
}
