using System.Globalization;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The rows of a task's tables: which there are, and how far the copy of each is.</summary>
public sealed partial class CheckpointStore
{
    private const string TableFields =
        "number, source_database, source_table, destination_database, destination_table, state, definition_hash, watermark, fuzzy_end, plan_complete, rows_copied, bytes_copied, attempt, must_clear, stop_reason, changes_left_out";

    /// <summary>All tables of the task.</summary>
    public Task<IReadOnlyList<TableCopyRecord>> ReadTablesAsync(CancellationToken cancellationToken) =>
        _own.RunAsync<IReadOnlyList<TableCopyRecord>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync(
                    $"SELECT {TableFields} FROM dts_migrate.table_copy WHERE task={_task} ORDER BY number", token).ConfigureAwait(false);
                return rows.Select(ToTable).ToArray();
            },
            cancellationToken);

    /// <summary>
    /// In the caller's transaction: the table of a chunk that it has locked, and whether the task copies in one snapshot. Until that lock is gone no other attempt at the
    /// table can begin.
    /// </summary>
    internal async Task<(TableCopyRecord Table, bool HasSnapshot)> ReadTableAsync(MySqlSession session, int tableNumber, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync(
            $"SELECT {TableFields}, (SELECT snapshot_position IS NOT NULL FROM dts_migrate.task WHERE name={_task}) FROM dts_migrate.table_copy WHERE task={_task} AND number={Number(tableNumber)}",
            cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? throw CheckpointRows.Missing(Lease, "table_copy") : (ToTable(rows[0]), rows[0].GetInt64(16) == 1);
    }

    /// <summary>
    /// Registers the planned tables (state Pending) at once. Pending rows of an earlier plan go: a worker killed before the plan was recorded
    /// as finished may have registered other tables, or the same under other numbers.
    /// </summary>
    public Task AddTablesAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) =>
        WriteAsync(
            async (session, token) =>
            {
                await session.ExecuteAsync($"DELETE FROM dts_migrate.table_copy WHERE task={_task} AND state='{TableCopyState.Pending}'", token).ConfigureAwait(false);
                await CheckpointRows.InsertAsync(
                    session,
                    "INSERT INTO dts_migrate.table_copy (task, number, source_database, source_table, destination_database, destination_table, state, definition_hash) VALUES ",
                    routes.Select(r => string.Create(
                        CultureInfo.InvariantCulture,
                        $"({_task},{r.Number},{CheckpointSql.Text(r.Source.Database)},{CheckpointSql.Text(r.Source.Name)},{CheckpointSql.Text(r.Destination.Database)},{CheckpointSql.Text(r.Destination.Name)},'{TableCopyState.Pending}',{CheckpointSql.Text(r.Definition.Hash)})")),
                    token).ConfigureAwait(false);
                await Definitions.WriteAllAsync(session, routes, token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Stops tables before their copy has begun: the task goes on without them. Whoever has been stopped already keeps its reason.</summary>
    /// <param name="reasons">Why, by table number.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal Task StopTablesAsync(IReadOnlyDictionary<int, string> reasons, CancellationToken cancellationToken) =>
        WriteAsync(
            async (session, token) =>
            {
                foreach (var (number, reason) in reasons)
                {
                    await session.ExecuteAsync(
                        $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Stopped}', stop_reason={CheckpointSql.Text(reason)} "
                        + $"WHERE task={_task} AND number={Number(number)} AND state='{TableCopyState.Pending}'",
                        token).ConfigureAwait(false);
                }
            },
            cancellationToken);

    /// <summary>
    /// Pending to Copying with the watermark (null without incremental migration). Removes chunks of an earlier copy, and so also starts a copy
    /// again that was under way.
    /// </summary>
    public async Task BeginCopyAsync(int tableNumber, SourcePosition? watermark, CancellationToken cancellationToken) =>
        await RequireFoundAsync(await BeginAsync(tableNumber, watermark, whole: null, cancellationToken).ConfigureAwait(false), "table_copy", cancellationToken).ConfigureAwait(false);

    /// <summary>Pending to Copying with the only chunk of a table that is not cut: its plan is complete at once. Called again, it leaves the chunk to whoever is at it by then.</summary>
    internal async Task BeginCopyAsync(SourcePosition? watermark, ChunkRecord whole, CancellationToken cancellationToken)
    {
        ulong found = await BeginAsync(whole.TableNumber, watermark, whole, cancellationToken).ConfigureAwait(false);
        if (found == 0)
        {
            var now = (await ReadTablesAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(t => t.Number == whole.TableNumber);
            found = now is { State: TableCopyState.Copying, PlanComplete: true } ? 1UL : 0;
        }

        await RequireFoundAsync(found, "table_copy", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Pending to Copying, all or none, each with its only chunk.</summary>
    /// <param name="watermark">W(T) of them all; null without incremental migration.</param>
    /// <param name="whole">Their chunks.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when one of them is not Pending any more: nothing was changed.</returns>
    internal Task<bool> TryBeginCopiesAsync(SourcePosition? watermark, IReadOnlyList<ChunkRecord> whole, CancellationToken cancellationToken) =>
        _own.RunAsync(
            async (session, token) =>
            {
                await session.ExecuteAsync("START TRANSACTION", token).ConfigureAwait(false);
                await AssertLeaseAsync(session, token).ConfigureAwait(false);
                string numbers = string.Join(',', whole.Select(c => Number(c.TableNumber)));
                var begun = await session.ExecuteAsync(
                    $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Copying}', watermark={CheckpointSql.Text(watermark?.ToString())}, fuzzy_end=NULL, plan_complete=1, "
                    + $"rows_copied=0, bytes_copied=0, must_clear=0 WHERE task={_task} AND number IN ({numbers}) AND state='{TableCopyState.Pending}'",
                    token).ConfigureAwait(false);
                bool all = begun.AffectedRows == (ulong)whole.Count;
                if (all)
                {
                    await session.ExecuteAsync($"DELETE FROM dts_migrate.chunk WHERE task={_task} AND table_number IN ({numbers})", token).ConfigureAwait(false);
                    await Chunks.InsertAsync(session, whole, token).ConfigureAwait(false);
                }

                await session.ExecuteAsync(all ? "COMMIT" : "ROLLBACK", token).ConfigureAwait(false);
                return all;
            },
            cancellationToken);

    private async Task<ulong> BeginAsync(int tableNumber, SourcePosition? watermark, ChunkRecord? whole, CancellationToken cancellationToken)
    {
        string from = whole is null ? $"'{TableCopyState.Pending}','{TableCopyState.Copying}'" : $"'{TableCopyState.Pending}'";

        // What follows the first statement goes by what that has found. (Not by a subquery: servers of 9.7 delete rows from a table that a DELETE only looks at with EXISTS ... FOR UPDATE.)
        List<string> statements =
        [
            $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Copying}', watermark={CheckpointSql.Text(watermark?.ToString())}, fuzzy_end=NULL, plan_complete={(whole is null ? 0 : 1)}, "
            + $"rows_copied=0, bytes_copied=0, must_clear=0 WHERE task={_task} AND number={Number(tableNumber)} AND state IN ({from}) AND {LeaseTable.Guard(Lease)}",
            "SET @dts_migrate_begun=ROW_COUNT()",
            $"DELETE FROM dts_migrate.chunk WHERE task={_task} AND table_number={Number(tableNumber)} AND @dts_migrate_begun=1",
        ];
        if (whole is not null)
        {
            statements.Add(Chunks.InsertSql(whole, "@dts_migrate_begun=1"));
        }

        return (await _own.TransactAsync(statements, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Copying to Copied with E(T); to Live when there is none, that is, when the task has no incremental migration.</summary>
    /// <param name="tableNumber">Table.</param>
    /// <param name="fuzzyEnd">E(T).</param>
    /// <param name="rows">Rows of all its chunks, whoever has copied them.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task EndCopyAsync(int tableNumber, SourcePosition? fuzzyEnd, long rows, long bytes, CancellationToken cancellationToken)
    {
        var next = fuzzyEnd is null ? TableCopyState.Live : TableCopyState.Copied;
        var found = await _own.TransactAsync(
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"UPDATE dts_migrate.table_copy SET state='{next}', fuzzy_end={CheckpointSql.Text(fuzzyEnd?.ToString())}, rows_copied={rows}, bytes_copied={bytes} ")
                + $"WHERE task={_task} AND number={Number(tableNumber)} AND state IN ('{TableCopyState.Copying}','{next}') AND {LeaseTable.Guard(Lease)}",
            ],
            cancellationToken).ConfigureAwait(false);
        await RequireFoundAsync(found[0], "table_copy", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Copying to Copied with E(T), or to Live without one, in one transaction: those that are still at the attempt that was copied.</summary>
    /// <param name="fuzzyEnd">E(T) of them all.</param>
    /// <param name="copied">Tables, their attempts, and the rows and bytes of their chunks.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>For each whether it is so now.</returns>
    internal async Task<IReadOnlyList<bool>> EndCopiesAsync(SourcePosition? fuzzyEnd, IReadOnlyList<(int TableNumber, int Attempt, long Rows, long Bytes)> copied, CancellationToken cancellationToken)
    {
        var next = fuzzyEnd is null ? TableCopyState.Live : TableCopyState.Copied;
        var found = await _own.TransactAsync(
            [
                .. copied.Select(t => string.Create(
                    CultureInfo.InvariantCulture,
                    $"UPDATE dts_migrate.table_copy SET state='{next}', fuzzy_end={CheckpointSql.Text(fuzzyEnd?.ToString())}, rows_copied={t.Rows}, bytes_copied={t.Bytes} ")
                    + $"WHERE task={_task} AND number={Number(t.TableNumber)} AND attempt={Number(t.Attempt)} AND state IN ('{TableCopyState.Copying}','{next}') AND {LeaseTable.Guard(Lease)}"),
            ],
            cancellationToken).ConfigureAwait(false);
        return [.. found.Select(f => f == 1)];
    }

    /// <summary>
    /// Takes a table back to Pending because its definition has changed: its chunks and late indexes go, and what it has on the destination must be cleared before
    /// it is copied again. Waits for workers that are at one of its chunks.
    /// </summary>
    /// <param name="tableNumber">Table.</param>
    /// <param name="attempt">Number of the attempt that begins: a second call for the same changes nothing.</param>
    /// <param name="definition">The definition that it has now.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when the table is not part of the task any more.</returns>
    internal Task<bool> RestartCopyAsync(int tableNumber, int attempt, TableDefinition definition, CancellationToken cancellationToken) =>
        _own.TransactAsync(
            async (session, token) =>
            {
                await AssertLeaseAsync(session, token).ConfigureAwait(false);
                // The table's row first: a planner of the attempt before that is about to add a chunk waits here, and then adds none.
                var result = await session.ExecuteAsync(
                    $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Pending}', watermark=NULL, fuzzy_end=NULL, plan_complete=0, rows_copied=0, bytes_copied=0, must_clear=1, "
                    + $"attempt={Number(attempt)}, definition_hash={CheckpointSql.Text(definition.Hash)} WHERE task={_task} AND number={Number(tableNumber)} "
                    + $"AND state IN ('{TableCopyState.Pending}','{TableCopyState.Copying}','{TableCopyState.Live}')",
                    token).ConfigureAwait(false);
                if (result.AffectedRows != 1)
                {
                    return false;
                }

                string table = $"task={_task} AND table_number={Number(tableNumber)}";
                await session.ExecuteAsync($"DELETE FROM dts_migrate.chunk WHERE {table}", token).ConfigureAwait(false);
                await session.ExecuteAsync($"DELETE FROM dts_migrate.deferred_index WHERE {table}", token).ConfigureAwait(false);
                await Definitions.WriteAsync(session, tableNumber, definition, null, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    private static TableCopyRecord ToTable(TextRow row) => new()
    {
        Number = (int)row.GetInt64(0),
        Source = new QualifiedName(row.GetString(1), row.GetString(2)),
        Destination = new QualifiedName(row.GetString(3), row.GetString(4)),
        State = Enum.Parse<TableCopyState>(row.GetString(5)),
        DefinitionHash = row.GetString(6),
        Watermark = row.GetStringOrNull(7) is { } watermark ? SourcePosition.Parse(watermark) : null,
        FuzzyEnd = row.GetStringOrNull(8) is { } end ? SourcePosition.Parse(end) : null,
        PlanComplete = row.GetInt64(9) == 1,
        RowsCopied = row.GetInt64(10),
        BytesCopied = row.GetInt64(11),
        Attempt = (int)row.GetInt64(12),
        MustClear = row.GetInt64(13) == 1,
        StopReason = row.GetStringOrNull(14),
        ChangesLeftOut = row.GetInt64(15),
    };

    /// <summary>A guarded statement that has found nothing: the lease is lost, or the row is not as it must be.</summary>
    private async Task RequireFoundAsync(ulong rows, string table, CancellationToken cancellationToken)
    {
        if (rows != 1)
        {
            await WriteAsync((_, _) => Task.FromException(CheckpointRows.Missing(Lease, table)), cancellationToken).ConfigureAwait(false);
        }
    }
}
