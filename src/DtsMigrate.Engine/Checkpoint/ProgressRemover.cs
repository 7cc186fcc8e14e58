using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy.Tuning;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// Makes the destination forget a task: its rows in schema <c>dts_migrate</c> and, on demand, the tables that it has created. May be run again after a failure; a worker
/// that lives elsewhere keeps it from running, and one that comes back later cannot commit any more.
/// </summary>
public static class ProgressRemover
{
    private const int NoSuchDatabase = 1049;
    private const int NoSuchTable = 1146;
    private const int BatchRows = 10_000;

    /// <summary>Removes the progress.</summary>
    /// <param name="task">The task.</param>
    /// <param name="secrets">Finds the destination's password.</param>
    /// <param name="dropTables">Also drop the tables that the task has created, with their rows.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The tables that were dropped.</returns>
    /// <exception cref="DtsMigrateException">
    /// LeaseHeld: a worker runs the task; TablesNotOwned: the tables may have been there before the task, so they are not dropped; CheckpointLayoutUnknown; or the
    /// destination cannot be reached.
    /// </exception>
    public static async Task<IReadOnlyList<QualifiedName>> RemoveAsync(MigrationTask task, SecretResolver secrets, bool dropTables, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(secrets);
        if (dropTables && (!task.MigrationTypes.HasFlag(MigrationTypes.Schema) || task.ConflictMode != ConflictMode.PrecheckAndReportErrors))
        {
            throw new DtsMigrateException("TablesNotOwned", $"Task '{task.Name}' may have found its tables on the destination: they are not dropped.")
            {
                Target = task.Name,
                RecommendedAction = "Keep the tables (-KeepTables) and empty or drop them by hand where that is right.",
            };
        }

        await SettingsRestorer.RestoreAsync(task, secrets, time, cancellationToken).ConfigureAwait(false);
        Secret password = await secrets.ResolveAsync("destination", task.Destination, cancellationToken).ConfigureAwait(false);
        var destination = new ServerConnector("destination", task.Destination, password, task.Options, time);
        MySqlSession session = await destination.OpenAsync(SessionPurpose.WriteSchema, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            try
            {
                await CheckpointLayout.RequireAsync(session, cancellationToken).ConfigureAwait(false);
                await FenceAsync(session, task.Name, cancellationToken).ConfigureAwait(false);
                IReadOnlyList<QualifiedName> dropped = dropTables ? await DropAsync(session, task.Name, cancellationToken).ConfigureAwait(false) : [];
                await ForgetAsync(session, task.Name, cancellationToken).ConfigureAwait(false);
                return dropped;
            }
            catch (MySqlServerException e) when (e.Errno is NoSuchDatabase or NoSuchTable)
            {
                return [];
            }
        }
    }

    /// <summary>Takes the lease away from whoever had it: what he still has under way cannot commit.</summary>
    private static async Task FenceAsync(MySqlSession session, string task, CancellationToken cancellationToken)
    {
        string name = CheckpointSql.Text(task);
        await session.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
        var rows = await session.QueryRowsAsync(
            $"SELECT owner, TIMESTAMPDIFF(MICROSECOND, renewed_at, UTC_TIMESTAMP(6)) FROM dts_migrate.lease WHERE task={name} FOR UPDATE", cancellationToken).ConfigureAwait(false);
        if (rows.Count > 0 && TimeSpan.FromMicroseconds(rows[0].GetInt64(1)) is var age && age < LeaseTable.Lifetime)
        {
            throw new DtsMigrateException("LeaseHeld", $"Task {task} is run by {rows[0].GetString(0)}, last seen {age.TotalSeconds:0.0} s ago.")
            {
                Target = task,
                RecommendedAction = $"Stop it there; if it was killed, wait {LeaseTable.Lifetime.TotalSeconds:0} s.",
            };
        }

        await session.ExecuteAsync($"UPDATE dts_migrate.lease SET epoch=epoch+1 WHERE task={name}", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<QualifiedName>> DropAsync(MySqlSession session, string task, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(
            $"SELECT destination_database, destination_table FROM dts_migrate.table_copy WHERE task={CheckpointSql.Text(task)} ORDER BY number", cancellationToken).ConfigureAwait(false);
        List<QualifiedName> tables = [.. rows.Select(row => new QualifiedName(row.GetString(0), row.GetString(1)))];
        foreach (QualifiedName table in tables)
        {
            await session.ExecuteAsync($"DROP TABLE IF EXISTS {table.ToSql()}", cancellationToken).ConfigureAwait(false);
        }

        return tables;
    }

    private static async Task ForgetAsync(MySqlSession session, string task, CancellationToken cancellationToken)
    {
        string name = CheckpointSql.Text(task);

        var models = await session.QueryRowsAsync($"SELECT model FROM dts_migrate.shadow_table WHERE task={name}", cancellationToken).ConfigureAwait(false);
        foreach (string model in models.Select(row => row.GetString(0)))
        {
            await session.ExecuteAsync($"DROP TABLE IF EXISTS {SqlText.Name("dts_migrate", model)}", cancellationToken).ConfigureAwait(false);
        }

        // Asked for, not listed: tables that a later layout adds belong to the task as well.
        var tables = await session.QueryRowsAsync(
            "SELECT TABLE_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA='dts_migrate' AND COLUMN_NAME='task' AND TABLE_NAME<>'lease' ORDER BY TABLE_NAME", cancellationToken).ConfigureAwait(false);
        foreach (string table in tables.Select(row => row.GetString(0)))
        {
            await DeleteAsync(session, $"DELETE FROM dts_migrate.{SqlText.Name(table)} WHERE task={name} LIMIT {BatchRows}", cancellationToken).ConfigureAwait(false);
        }

        await session.ExecuteAsync($"DELETE FROM dts_migrate.task WHERE name={name}", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"DELETE FROM dts_migrate.lease WHERE task={name}", cancellationToken).ConfigureAwait(false);
    }

    private static async Task DeleteAsync(MySqlSession session, string sql, CancellationToken cancellationToken)
    {
        StatementResult result;
        do
        {
            result = await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
        }
        while (result.AffectedRows == BatchRows);
    }
}
