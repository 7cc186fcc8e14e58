using System.Globalization;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// What DDL does to the task's tables in <c>dts_migrate.table_copy</c>. Where a session is passed, in the caller's transaction, which also writes the position of the
/// statement; all is fenced by the lease.
/// </summary>
internal sealed class TableChangeStore(CheckpointSession own, Lease lease)
{
    private readonly string _task = CheckpointSql.Text(lease.TaskName);

    /// <summary>Adds a table that is complete from a position on: it was created empty there.</summary>
    public Task AddLiveAsync(MySqlSession session, TableRoute route, SourcePosition before, CancellationToken cancellationToken) =>
        InsertAsync(session, route, $"'{TableCopyState.Live}'", before, mustClear: false, cancellationToken);

    /// <summary>Adds a table that came into the selection with its rows: it is copied; what the destination has under its name goes.</summary>
    public Task AddPendingAsync(MySqlSession session, TableRoute route, CancellationToken cancellationToken) =>
        InsertAsync(session, route, $"'{TableCopyState.Pending}'", null, mustClear: true, cancellationToken);

    /// <summary>Gives a table its new names.</summary>
    public async Task RenameAsync(MySqlSession session, TableRoute route, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(
            $"UPDATE dts_migrate.table_copy SET source_database={CheckpointSql.Text(route.Source.Database)}, source_table={CheckpointSql.Text(route.Source.Name)}, "
            + $"destination_database={CheckpointSql.Text(route.Destination.Database)}, destination_table={CheckpointSql.Text(route.Destination.Name)} WHERE task={_task} AND number={Number(route.Number)}",
            cancellationToken).ConfigureAwait(false);

    /// <summary>A complete table must be copied again.</summary>
    public async Task RecopyAsync(MySqlSession session, int number, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Pending}', watermark=NULL, fuzzy_end=NULL, plan_complete=0, rows_copied=0, bytes_copied=0, must_clear=1, attempt=attempt+1 "
            + $"WHERE task={_task} AND number={Number(number)}",
            cancellationToken).ConfigureAwait(false);
        await ForgetCopyAsync(session, number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>In the caller's transaction: a table is no longer part of the task.</summary>
    public async Task RemoveAsync(MySqlSession session, int number, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Removed}' WHERE task={_task} AND number={Number(number)}", cancellationToken).ConfigureAwait(false);
        await ForgetCopyAsync(session, number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>In the caller's transaction: a stopped table has another name on the source besides the one that it had.</summary>
    public async Task AddStoppedAsync(MySqlSession session, TableRoute route, string reason, CancellationToken cancellationToken)
    {
        await InsertAsync(session, route, $"'{TableCopyState.Stopped}'", null, mustClear: false, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"UPDATE dts_migrate.table_copy SET stop_reason={CheckpointSql.Text(reason)} WHERE task={_task} AND number={Number(route.Number)}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>In the caller's transaction: counts row changes of a stopped table.</summary>
    public async Task AddLeftOutAsync(MySqlSession session, int number, long changes, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.table_copy SET changes_left_out=changes_left_out+{changes} WHERE task={_task} AND number={number}"), cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Takes a table that is not complete out of the task, if its copy has not been begun again meanwhile. Waits for workers that are at one of its chunks.
    /// </summary>
    /// <param name="seen">The table as it was when the decision was made.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when it is in another state now, and nothing was changed.</returns>
    public Task<bool> TryRemoveAsync(TableCopyRecord seen, CancellationToken cancellationToken) =>
        own.TransactAsync(
            async (session, token) =>
            {
                await LeaseTable.AssertAsync(session, lease, token).ConfigureAwait(false);
                var result = await session.ExecuteAsync(
                    $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Removed}' WHERE task={_task} AND number={Number(seen.Number)} AND attempt={Number(seen.Attempt)} "
                    + $"AND watermark<=>{CheckpointSql.Text(seen.Watermark?.ToString())} AND state<>'{TableCopyState.Live}'",
                    token).ConfigureAwait(false);
                if (result.AffectedRows == 1)
                {
                    await ForgetCopyAsync(session, seen.Number, token).ConfigureAwait(false);
                }

                return result.AffectedRows == 1;
            },
            cancellationToken);

    private async Task InsertAsync(MySqlSession session, TableRoute route, string state, SourcePosition? watermark, bool mustClear, CancellationToken cancellationToken)
    {
        string position = CheckpointSql.Text(watermark?.ToString());
        await session.ExecuteAsync(
            "INSERT INTO dts_migrate.table_copy (task, number, source_database, source_table, destination_database, destination_table, state, definition_hash, watermark, fuzzy_end, plan_complete, must_clear) VALUES ("
            + string.Join(',', _task, Number(route.Number), CheckpointSql.Text(route.Source.Database), CheckpointSql.Text(route.Source.Name), CheckpointSql.Text(route.Destination.Database))
            + $",{CheckpointSql.Text(route.Destination.Name)},{state},{CheckpointSql.Text(route.Definition.Hash)},{position},{position},{(mustClear ? 0 : 1)},{(mustClear ? 1 : 0)})",
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ForgetCopyAsync(MySqlSession session, int number, CancellationToken cancellationToken)
    {
        string table = $"task={_task} AND table_number={Number(number)}";
        await session.ExecuteAsync($"DELETE FROM dts_migrate.chunk WHERE {table}", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"DELETE FROM dts_migrate.deferred_index WHERE {table}", cancellationToken).ConfigureAwait(false);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
