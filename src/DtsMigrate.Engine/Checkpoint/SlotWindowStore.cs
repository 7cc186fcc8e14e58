using System.Globalization;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The window that is being written in slots. It is recorded before the first of them begins, so that whoever finds it knows what some of them may have
/// committed; it goes in the transaction that moves the stream's position to its end. Each write is fenced by the lease.
/// </summary>
internal sealed class SlotWindowStore(CheckpointSession own, Lease lease)
{
    private readonly string _task = CheckpointSql.Text(lease.TaskName);

    /// <summary>How many slots the window has; 0 when there is none. Waits for nobody.</summary>
    public Task<int> CountAsync(CancellationToken cancellationToken) =>
        own.RunAsync(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync($"SELECT COUNT(*) FROM dts_migrate.applied_slot WHERE task={_task}", token).ConfigureAwait(false);
                return (int)rows[0].GetInt64(0);
            },
            cancellationToken);

    /// <summary>
    /// The window; null when there is none. Reads under a lock: each slot's transaction has locked its row from its beginning, so none is under way when this returns.
    /// </summary>
    public Task<SlotWindow?> ReadAsync(CancellationToken cancellationToken) =>
        own.TransactAsync(
            async (session, token) =>
            {
                var windows = await session.QueryRowsAsync($"SELECT end_position, changes, division FROM dts_migrate.applied_window WHERE task={_task} FOR UPDATE", token).ConfigureAwait(false);
                if (windows.Count == 0)
                {
                    return null;
                }

                var slots = await session.QueryRowsAsync($"SELECT done FROM dts_migrate.applied_slot WHERE task={_task} ORDER BY slot FOR UPDATE", token).ConfigureAwait(false);
                return new SlotWindow(SourcePosition.Parse(windows[0].GetString(0)), windows[0].GetInt64(1), [.. slots.Select(s => s.GetInt64(0) == 1)], (int)windows[0].GetInt64(2));
            },
            cancellationToken);

    /// <summary>Records a window; no slot has begun.</summary>
    public Task BeginAsync(SlotWindow window, CancellationToken cancellationToken) =>
        own.TransactAsync(
            async (session, token) =>
            {
                await EndAsync(session, token).ConfigureAwait(false);
                string values = string.Create(CultureInfo.InvariantCulture, $"{_task},{CheckpointSql.Text(window.End.ToString())},{window.Changes},{window.Division}");
                await session.ExecuteAsync($"INSERT INTO dts_migrate.applied_window (task, end_position, changes, division) VALUES ({values})", token).ConfigureAwait(false);
                var slots = window.Done.Select((done, slot) => string.Create(CultureInfo.InvariantCulture, $"({_task},{slot},{(done ? 1 : 0)})"));
                await session.ExecuteAsync($"INSERT INTO dts_migrate.applied_slot (task, slot, done) VALUES {string.Join(',', slots)}", token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>In the slot's own transaction, as its first statement: the slot is done.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code <c>CheckpointInconsistent</c>: it has been done already.</exception>
    public async Task MarkDoneAsync(MySqlSession session, int slot, CancellationToken cancellationToken)
    {
        string number = slot.ToString(CultureInfo.InvariantCulture);
        var result = await session.ExecuteAsync($"UPDATE dts_migrate.applied_slot SET done=1 WHERE task={_task} AND slot={number} AND done=0", cancellationToken).ConfigureAwait(false);
        if (result.AffectedRows != 1)
        {
            throw CheckpointRows.Missing(lease, "applied_slot");
        }
    }

    /// <summary>In the caller's transaction: there is no window any more.</summary>
    public async Task EndAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        await LeaseTable.AssertAsync(session, lease, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"DELETE FROM dts_migrate.applied_window WHERE task={_task}", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"DELETE FROM dts_migrate.applied_slot WHERE task={_task}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a window of which nothing is committed, or, with <paramref name="write"/>, one of which everything is.</summary>
    public Task EndAsync(Func<MySqlSession, CancellationToken, Task>? write, CancellationToken cancellationToken) =>
        own.TransactAsync(
            async (session, token) =>
            {
                await EndAsync(session, token).ConfigureAwait(false);
                if (write is not null)
                {
                    await write(session, token).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken);
}
