using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>Looks at a destination's progress without changing anything there: for the precheck, which runs before a lease is taken.</summary>
public static class CheckpointPeek
{
    private const int NoSuchDatabase = 1049;
    private const int NoSuchTable = 1146;
    private const int TableAccessDenied = 1142;

    /// <summary>Name of the furthest finished step of a task; null when the destination does not know the task, or the account may not look.</summary>
    public static async Task<string?> ReadPhaseAsync(ServerConnector destination, string taskName, CancellationToken cancellationToken)
    {
        MySqlSession session = await destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            try
            {
                var rows = await session.QueryRowsAsync($"SELECT phase FROM dts_migrate.task WHERE name={CheckpointSql.Text(taskName)}", cancellationToken).ConfigureAwait(false);
                return rows.Count == 0 ? null : rows[0].GetString(0);
            }
            catch (MySqlServerException e) when (e.Errno is NoSuchDatabase or NoSuchTable or TableAccessDenied)
            {
                return null;
            }
        }
    }
}
