using System.Globalization;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>The plan of a task's chunks, in <c>dts_migrate.chunk</c>; <see cref="ChunkClaims"/> is how workers share them. Writes are fenced by the lease and may be repeated.</summary>
internal sealed class ChunkTable
{
    private const string InsertColumns = "INSERT INTO dts_migrate.chunk (task, table_number, number, lower_bound, upper_bound, scope, priority)";

    private readonly CheckpointSession _own;
    private readonly Lease _lease;
    private readonly string _task;

    /// <summary>Creates the table over the checkpoint's sessions.</summary>
    public ChunkTable(CheckpointSession own, Lease lease)
    {
        _own = own;
        _lease = lease;
        _task = CheckpointSql.Text(lease.TaskName);
    }

    /// <summary>Chunks of a table that are planned, in key order.</summary>
    public Task<IReadOnlyList<ChunkRecord>> ReadAsync(int tableNumber, CancellationToken cancellationToken) =>
        _own.RunAsync<IReadOnlyList<ChunkRecord>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync(
                    $"SELECT number, lower_bound, upper_bound, done, row_count, byte_count, scope, priority FROM dts_migrate.chunk WHERE task={_task} AND table_number={Number(tableNumber)} ORDER BY number",
                    token).ConfigureAwait(false);
                return rows.Select(r => new ChunkRecord(
                    tableNumber,
                    (int)r.GetInt64(0),
                    CheckpointSql.ParseBounds(r.GetStringOrNull(1)),
                    CheckpointSql.ParseBounds(r.GetStringOrNull(2)),
                    r.GetInt64(3) == 1,
                    r.GetInt64(4),
                    r.GetInt64(5),
                    CheckpointSql.ParseScope(r.GetStringOrNull(6)),
                    (int)r.GetInt64(7))).ToArray();
            },
            cancellationToken);

    /// <summary>Records planned chunks, and that the plan is complete when it is.</summary>
    /// <returns>False, and nothing is recorded, when the table's copy has been begun again since: see <see cref="CheckpointStore.RestartCopyAsync"/>.</returns>
    public Task<bool> AddAsync(int tableNumber, int attempt, IReadOnlyList<ChunkRecord> chunks, bool planComplete, CancellationToken cancellationToken) =>
        _own.TransactAsync(
            async (session, token) =>
            {
                await LeaseTable.AssertAsync(session, _lease, token).ConfigureAwait(false);
                var now = await session.QueryRowsAsync($"SELECT attempt FROM dts_migrate.table_copy WHERE task={_task} AND number={Number(tableNumber)} FOR UPDATE", token).ConfigureAwait(false);
                if (now.Count == 0)
                {
                    throw CheckpointRows.Missing(_lease, "table_copy");
                }

                if (now[0].GetInt64(0) != attempt)
                {
                    return false;
                }

                await InsertAsync(session, chunks, token).ConfigureAwait(false);
                if (planComplete)
                {
                    await session.ExecuteAsync($"UPDATE dts_migrate.table_copy SET plan_complete=1 WHERE task={_task} AND number={Number(tableNumber)}", token).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken);

    /// <summary>
    /// In the caller's transaction: records a chunk together with its rows, where nobody else may copy a part of the table; asserts the lease.
    /// </summary>
    public async Task AddDoneAsync(MySqlSession session, ChunkRecord chunk, CancellationToken cancellationToken)
    {
        await LeaseTable.AssertAsync(session, _lease, cancellationToken).ConfigureAwait(false);

        // Another table may have the name by now: the stream takes a table out only when this transaction has ended.
        var state = await session.QueryRowsAsync($"SELECT state FROM dts_migrate.table_copy WHERE task={_task} AND number={Number(chunk.TableNumber)} LOCK IN SHARE MODE", cancellationToken).ConfigureAwait(false);
        if (state.Count == 1 && state[0].GetString(0) == nameof(TableCopyState.Removed))
        {
            throw CheckpointRows.Missing(_lease, "table_copy");
        }

        await session.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"INSERT INTO dts_migrate.chunk (task, table_number, number, done, row_count, byte_count) VALUES ({_task},{chunk.TableNumber},{chunk.Number},1,{chunk.Rows},{chunk.Bytes})"),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Rows and bytes of a table that is being copied and whose chunks are all done, whoever has done them; null when its plan is not complete or a chunk is left to do.</summary>
    public Task<(long Rows, long Bytes)?> ReadTotalAsync(int tableNumber, CancellationToken cancellationToken) =>
        _own.RunAsync<(long Rows, long Bytes)?>(
            async (session, token) =>
            {
                // Asked after every chunk: the sums, which read all chunks of the table, are worked out only for the last one.
                string chunks = $"FROM dts_migrate.chunk WHERE task={_task} AND table_number={Number(tableNumber)}";
                var rows = await session.QueryRowsAsync(
                    $"SELECT (SELECT COALESCE(SUM(row_count),0) {chunks}), (SELECT COALESCE(SUM(byte_count),0) {chunks}) FROM dts_migrate.table_copy "
                    + $"WHERE task={_task} AND number={Number(tableNumber)} AND state='{TableCopyState.Copying}' AND plan_complete AND NOT EXISTS (SELECT 1 {chunks} AND done=0)",
                    token).ConfigureAwait(false);
                return rows.Count == 1 ? (rows[0].GetInt64(0), rows[0].GetInt64(1)) : null;
            },
            cancellationToken);

    /// <summary>Rows and bytes of the done chunks of the tables that are being copied, by table.</summary>
    public Task<IReadOnlyDictionary<int, (long Rows, long Bytes)>> ReadCopiedAsync(CancellationToken cancellationToken) =>
        _own.RunAsync<IReadOnlyDictionary<int, (long Rows, long Bytes)>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync(
                    $"SELECT table_number, SUM(row_count), SUM(byte_count) FROM dts_migrate.chunk WHERE task={_task} AND done=1 "
                    + $"AND table_number IN (SELECT number FROM dts_migrate.table_copy WHERE task={_task} AND state='{TableCopyState.Copying}') GROUP BY table_number",
                    token).ConfigureAwait(false);
                return rows.ToDictionary(r => (int)r.GetInt64(0), r => (r.GetInt64(1), r.GetInt64(2)));
            },
            cancellationToken);

    /// <summary>Chunks that are planned and not done, over all tables.</summary>
    public Task<long> CountOpenAsync(CancellationToken cancellationToken) =>
        _own.RunAsync(
            async (session, token) => (await session.QueryRowsAsync($"SELECT COUNT(*) FROM dts_migrate.chunk WHERE task={_task} AND done=0", token).ConfigureAwait(false))[0].GetInt64(0),
            cancellationToken);

    /// <summary>In the caller's transaction: adds planned chunks.</summary>
    public Task InsertAsync(MySqlSession session, IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken) =>
        CheckpointRows.InsertAsync(session, $"{InsertColumns} VALUES ", chunks.Select(c => $"({Fields(c)})"), cancellationToken);

    /// <summary>The statement that adds one planned chunk where a condition holds.</summary>
    public string InsertSql(ChunkRecord chunk, string condition) => $"{InsertColumns} SELECT {Fields(chunk)} FROM DUAL WHERE {condition}";

    private string Fields(ChunkRecord c) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_task},{c.TableNumber},{c.Number},{CheckpointSql.Text(CheckpointSql.FormatBounds(c.Lower))},{CheckpointSql.Text(CheckpointSql.FormatBounds(c.Upper))},{CheckpointSql.Text(CheckpointSql.FormatScope(c.Scope))},{c.Priority}");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
