using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Tuning;

/// <summary>Sets back the destination's settings for a task that will not run again.</summary>
public static class SettingsRestorer
{
    private const int NoSuchDatabase = 1049;
    private const int NoSuchTable = 1146;

    /// <summary>Gives up what the task has changed and sets back what no other task uses.</summary>
    /// <param name="task">Task.</param>
    /// <param name="secrets">Finds the password.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What was done, in words; empty when the task has changed nothing.</returns>
    /// <exception cref="DtsMigrateException">Code <c>LeaseHeld</c>: a worker runs the task; or the destination cannot be reached.</exception>
    public static async Task<IReadOnlyList<string>> RestoreAsync(MigrationTask task, SecretResolver secrets, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(secrets);
        Secret password = await secrets.ResolveAsync("destination", task.Destination, cancellationToken).ConfigureAwait(false);
        var destination = new ServerConnector("destination", task.Destination, password, task.Options, time);
        try
        {
            return await new ServerSettingStore(destination, task.Name, (session, token) => AssertAtRestAsync(session, task.Name, token)).RestoreAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (e.Errno is NoSuchDatabase or NoSuchTable)
        {
            return [];
        }
    }

    private static async Task AssertAtRestAsync(MySqlSession session, string task, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(
            $"SELECT owner, TIMESTAMPDIFF(MICROSECOND, renewed_at, UTC_TIMESTAMP(6)) FROM dts_migrate.lease WHERE task={CheckpointSql.Text(task)} FOR UPDATE", cancellationToken).ConfigureAwait(false);
        if (rows.Count > 0 && TimeSpan.FromMicroseconds(rows[0].GetInt64(1)) is var age && age < LeaseTable.Lifetime)
        {
            throw new DtsMigrateException("LeaseHeld", $"Task {task} is run by {rows[0].GetString(0)}, last seen {age.TotalSeconds:0.0} s ago.")
            {
                Target = task,
                RecommendedAction = $"Stop it: that sets the settings back. If it was killed, wait {LeaseTable.Lifetime.TotalSeconds:0} s.",
            };
        }
    }
}
