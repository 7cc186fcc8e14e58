using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Tuning;

/// <summary>
/// Changes settings of the destination for a while. The old value is committed in <c>dts_migrate.server_setting</c> before the new one is set; each task that uses the setting has a row in
/// <c>server_setting_user</c>, and whoever removes the last one sets the old value back. Everything happens under the lock of the layout's row, so that tasks take turns.
/// </summary>
/// <param name="destination">Destination.</param>
/// <param name="taskName">Task.</param>
/// <param name="assert">Called in each transaction before it does anything: the lease, or for a task without a worker that there is none.</param>
internal sealed class ServerSettingStore(ServerConnector destination, string taskName, Func<MySqlSession, CancellationToken, Task> assert)
{
    private readonly string _task = CheckpointSql.Text(taskName);

    /// <summary>Changes a setting for the task. May be called again.</summary>
    /// <returns>What was changed, in words; null when the value was good already.</returns>
    public async Task<string?> ChangeAsync(ServerSetting setting, CancellationToken cancellationToken)
    {
        string? change = null;
        await TransactAsync(
            async (session, token) =>
            {
                string now = await setting.ReadAsync(session, token).ConfigureAwait(false);
                var kept = await ReadKeptAsync(session, setting, token).ConfigureAwait(false);
                if (kept is null && (now == setting.Wanted || setting.AsGood.Contains(now)))
                {
                    return;
                }

                change = $"{setting.Name} from {kept?.Old ?? now} to {setting.Wanted}";
                if (kept is null)
                {
                    await session.ExecuteAsync(
                        $"INSERT INTO dts_migrate.server_setting (name, task, old_value, new_value, changed_at) VALUES ('{setting.Name}',{_task},{CheckpointSql.Text(now)},{CheckpointSql.Text(setting.Wanted)},UTC_TIMESTAMP(6))",
                        token).ConfigureAwait(false);
                }

                await session.ExecuteAsync($"INSERT INTO dts_migrate.server_setting_user (name, task) VALUES ('{setting.Name}',{_task}) ON DUPLICATE KEY UPDATE task=task", token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        if (change is not null)
        {
            // Only now: whatever happens from here on, somebody finds the old value.
            await OnOwnSessionAsync((session, token) => setting.SetAsync(session, setting.Wanted, token), cancellationToken).ConfigureAwait(false);
        }

        return change;
    }

    /// <summary>Gives up every setting that the task uses; those that no other task uses are set back. May be called again.</summary>
    /// <returns>What was done, in words.</returns>
    public async Task<IReadOnlyList<string>> RestoreAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<TextRow> used = [];
        await OnOwnSessionAsync(
            async (session, token) => used = await session.QueryRowsAsync($"SELECT name FROM dts_migrate.server_setting_user WHERE task={_task}", token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var done = new List<string>();

        // In the opposite order of changing.
        foreach (ServerSetting setting in ServerSetting.All.Reverse().Where(setting => used.Any(row => row.GetString(0) == setting.Name)))
        {
            string words = string.Empty;
            await TransactAsync(async (session, token) => words = await RestoreAsync(setting, session, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            done.Add(words);
        }

        return done;
    }

    private async Task<string> RestoreAsync(ServerSetting setting, MySqlSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"DELETE FROM dts_migrate.server_setting_user WHERE name='{setting.Name}' AND task={_task}", cancellationToken).ConfigureAwait(false);
        var others = await session.QueryRowsAsync($"SELECT task FROM dts_migrate.server_setting_user WHERE name='{setting.Name}'", cancellationToken).ConfigureAwait(false);
        if (others.Count > 0)
        {
            return $"{setting.Name} stays for task {others[0].GetString(0)}";
        }

        var kept = await ReadKeptAsync(session, setting, cancellationToken).ConfigureAwait(false);
        string now = await setting.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        string words = $"{setting.Name} is {now}";
        if (kept is { } values && now == values.New && now != values.Old)
        {
            // On a session of its own: a statement of it might commit. If this worker dies before its own COMMIT, it is done once more.
            await OnOwnSessionAsync((other, token) => setting.SetAsync(other, values.Old, token), cancellationToken).ConfigureAwait(false);
            words = $"{setting.Name} is set back from {now} to {values.Old}";
        }
        else if (kept is { } changed && now != changed.Old)
        {
            words = $"{setting.Name} was set to {now} by somebody else meanwhile and is left so; before the migration it was {changed.Old}";
        }

        await session.ExecuteAsync($"DELETE FROM dts_migrate.server_setting WHERE name='{setting.Name}'", cancellationToken).ConfigureAwait(false);
        return words;
    }

    private static async Task<(string Old, string New)?> ReadKeptAsync(MySqlSession session, ServerSetting setting, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT old_value, new_value FROM dts_migrate.server_setting WHERE name='{setting.Name}' FOR UPDATE"), cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : (rows[0].GetString(0), rows[0].GetString(1));
    }

    private Task TransactAsync(Func<MySqlSession, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        OnOwnSessionAsync(
            async (session, token) =>
            {
                await session.ExecuteAsync("START TRANSACTION", token).ConfigureAwait(false);
                await session.QueryRowsAsync("SELECT version FROM dts_migrate.layout WHERE id=1 FOR UPDATE", token).ConfigureAwait(false);
                await assert(session, token).ConfigureAwait(false);
                await action(session, token).ConfigureAwait(false);
                await session.ExecuteAsync("COMMIT", token).ConfigureAwait(false);
            },
            cancellationToken);

    private async Task OnOwnSessionAsync(Func<MySqlSession, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        MySqlSession session = await destination.OpenAsync(SessionPurpose.WriteRows, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await action(session, cancellationToken).ConfigureAwait(false);
        }
    }
}
