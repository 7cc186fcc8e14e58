using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>Reads the DDL log of a task from its destination: which DDL statements of the source the stream has met, and what became of each. Changes nothing.</summary>
public static class DdlLog
{
    private const int NoSuchDatabase = 1049;
    private const int NoSuchTable = 1146;

    /// <summary>Reads the log, oldest first, while the task runs or not.</summary>
    /// <param name="task">Task.</param>
    /// <param name="secrets">Finds the destination's password.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The entries; empty when the task has met no DDL, or has never run on this destination.</returns>
    /// <exception cref="DtsMigrateException">The destination cannot be reached, or its account may not read <c>dts_migrate</c>.</exception>
    public static async Task<IReadOnlyList<DdlRecord>> ReadAsync(MigrationTask task, SecretResolver secrets, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(secrets);
        Secret password = await secrets.ResolveAsync("destination", task.Destination, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(new ServerConnector("destination", task.Destination, password, task.Options, time), task.Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the log of a task from a destination, oldest first.</summary>
    /// <param name="destination">Destination.</param>
    /// <param name="taskName">Name of the task.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The entries; empty when the task has met no DDL, or has never run on this destination.</returns>
    /// <exception cref="DtsMigrateException">The destination cannot be reached, or its account may not read <c>dts_migrate</c>.</exception>
    public static async Task<IReadOnlyList<DdlRecord>> ReadAsync(ServerConnector destination, string taskName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        MySqlSession session = await destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            try
            {
                return await DdlLogStore.ReadAsync(session, taskName, cancellationToken).ConfigureAwait(false);
            }
            catch (MySqlServerException e) when (e.Errno is NoSuchDatabase or NoSuchTable)
            {
                return [];
            }
        }
    }
}
