using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The task's progress in schema <c>dts_migrate</c> of the destination. Methods that take a session run inside the caller's transaction
/// on it; they never commit. The others use the store's own session, one at a time, and commit.
/// Every write checks the lease in the same transaction (shared lock on the lease row): a stale epoch fails with code <c>LeaseLost</c>.
/// Every method may be called again after a failure: its writes are the same whether they are made once or twice.
/// </summary>
public sealed class CheckpointStore : IAsyncDisposable
{
    /// <summary>Rows per INSERT: keeps statements far below any max_allowed_packet.</summary>
    private const int RowsPerInsert = 200;

    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    private readonly CheckpointSession _own;
    private readonly string _task;

    private CheckpointStore(CheckpointSession own, Lease lease)
    {
        _own = own;
        _task = CheckpointSql.Text(lease.TaskName);
        Lease = lease;
        DeferredIndexes = new DeferredIndexStore(own, lease);
    }

    /// <summary>The lease in force.</summary>
    public Lease Lease { get; }

    /// <summary>The plan of indexes that are built after the rows.</summary>
    internal DeferredIndexStore DeferredIndexes { get; }

    /// <summary>
    /// Creates the schema where missing, registers the task, and takes its lease.
    /// </summary>
    /// <param name="destination">Destination.</param>
    /// <param name="taskName">Task.</param>
    /// <param name="definitionHash">Hash of source, objects, mapping and types: a task of the same name with another one is refused with code <c>TaskDefinitionChanged</c>.</param>
    /// <param name="owner">Owner text: <c>machine:process:random</c>. A lease renewed within the last 30 s by another machine is not taken over: code <c>LeaseHeld</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">Codes above, and <c>CheckpointLayoutUnknown</c> when a later release has written there.</exception>
    public static async Task<CheckpointStore> OpenAsync(ServerConnector destination, string taskName, string definitionHash, string owner, CancellationToken cancellationToken)
    {
        var own = new CheckpointSession(destination);
        try
        {
            await own.RunAsync(
                async (session, token) =>
                {
                    await CheckpointLayout.EnsureAsync(session, token).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            var lease = await own.TransactAsync((session, token) => LeaseTable.TakeAsync(session, taskName, definitionHash, owner, token), cancellationToken).ConfigureAwait(false);
            return new CheckpointStore(own, lease);
        }
        catch
        {
            await own.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Renews the lease's time stamp; fails with <c>LeaseLost</c>.</summary>
    public Task RenewLeaseAsync(CancellationToken cancellationToken) =>
        _own.RunAsync(
            async (session, token) =>
            {
                await LeaseTable.RenewAsync(session, Lease, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>In the caller's transaction: locks the lease row shared and checks the epoch. Call it before COMMIT.</summary>
    public Task AssertLeaseAsync(MySqlSession session, CancellationToken cancellationToken) => LeaseTable.AssertAsync(session, Lease, cancellationToken);

    /// <summary>Name of the furthest finished step of the task (<c>schema</c>, <c>copy</c>, <c>foreignkeys</c> ...), empty when none.</summary>
    public Task<string> ReadPhaseAsync(CancellationToken cancellationToken) =>
        _own.RunAsync(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync($"SELECT phase FROM dts_migrate.task WHERE name={_task}", token).ConfigureAwait(false);
                return rows.Count == 0 ? throw Missing("task") : rows[0].GetString(0);
            },
            cancellationToken);

    /// <summary>Records a finished step.</summary>
    public Task WritePhaseAsync(string phase, CancellationToken cancellationToken) =>
        WriteAsync(
            (session, token) => UpdateOneAsync(session, $"UPDATE dts_migrate.task SET phase={CheckpointSql.Text(phase)} WHERE name={_task}", "task", token),
            cancellationToken);

    /// <summary>All tables of the task.</summary>
    public Task<IReadOnlyList<TableCopyRecord>> ReadTablesAsync(CancellationToken cancellationToken) =>
        _own.RunAsync<IReadOnlyList<TableCopyRecord>>(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync(
                    "SELECT number, source_database, source_table, destination_database, destination_table, state, definition_hash, watermark, fuzzy_end, plan_complete, rows_copied, bytes_copied "
                    + $"FROM dts_migrate.table_copy WHERE task={_task} ORDER BY number",
                    token).ConfigureAwait(false);
                return rows.Select(ToTable).ToArray();
            },
            cancellationToken);

    /// <summary>
    /// Registers the planned tables (state Pending) at once. Pending rows of an earlier plan go: a worker killed before the plan was recorded
    /// as finished may have registered other tables, or the same under other numbers.
    /// </summary>
    public Task AddTablesAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) =>
        WriteAsync(
            async (session, token) =>
            {
                await session.ExecuteAsync($"DELETE FROM dts_migrate.table_copy WHERE task={_task} AND state='{TableCopyState.Pending}'", token).ConfigureAwait(false);
                await InsertAsync(
                    session,
                    "INSERT INTO dts_migrate.table_copy (task, number, source_database, source_table, destination_database, destination_table, state, definition_hash) VALUES ",
                    routes.Select(r => string.Create(
                        CultureInfo.InvariantCulture,
                        $"({_task},{r.Number},{CheckpointSql.Text(r.Source.Database)},{CheckpointSql.Text(r.Source.Name)},{CheckpointSql.Text(r.Destination.Database)},{CheckpointSql.Text(r.Destination.Name)},'{TableCopyState.Pending}',{CheckpointSql.Text(r.Definition.Hash)})")),
                    token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>
    /// Pending to Copying with the watermark (null without incremental migration). Removes chunks of an earlier copy, and so also starts a copy
    /// again that was under way.
    /// </summary>
    public Task BeginCopyAsync(int tableNumber, SourcePosition? watermark, CancellationToken cancellationToken) =>
        WriteAsync(
            async (session, token) =>
            {
                await session.ExecuteAsync($"DELETE FROM dts_migrate.chunk WHERE task={_task} AND table_number={Number(tableNumber)}", token).ConfigureAwait(false);
                await UpdateOneAsync(
                    session,
                    $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Copying}', watermark={CheckpointSql.Text(watermark?.ToString())}, fuzzy_end=NULL, plan_complete=0, rows_copied=0, bytes_copied=0 "
                    + $"WHERE task={_task} AND number={Number(tableNumber)} AND state IN ('{TableCopyState.Pending}','{TableCopyState.Copying}')",
                    "table_copy",
                    token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Copying to Copied with E(T); to Live when there is none, that is, when the task has no incremental migration.</summary>
    public Task EndCopyAsync(int tableNumber, SourcePosition? fuzzyEnd, CancellationToken cancellationToken)
    {
        var next = fuzzyEnd is null ? TableCopyState.Live : TableCopyState.Copied;
        return WriteAsync(
            (session, token) => UpdateOneAsync(
                session,
                $"UPDATE dts_migrate.table_copy SET state='{next}', fuzzy_end={CheckpointSql.Text(fuzzyEnd?.ToString())} "
                + $"WHERE task={_task} AND number={Number(tableNumber)} AND state IN ('{TableCopyState.Copying}','{next}')",
                "table_copy",
                token),
            cancellationToken);
    }

    /// <summary>Chunks of a table that are planned, in key order.</summary>
    public Task<IReadOnlyList<ChunkRecord>> ReadChunksAsync(int tableNumber, CancellationToken cancellationToken) =>
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

    /// <summary>
    /// True when the chunk's transaction has been committed. Reads under a lock: a COMMIT whose answer was lost is either visible or undone
    /// when this returns, never still under way.
    /// </summary>
    public Task<bool> IsChunkDoneAsync(int tableNumber, int chunkNumber, CancellationToken cancellationToken) =>
        _own.TransactAsync(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync(
                    $"SELECT done FROM dts_migrate.chunk WHERE task={_task} AND table_number={Number(tableNumber)} AND number={Number(chunkNumber)} FOR UPDATE",
                    token).ConfigureAwait(false);
                return rows.Count == 0 ? throw Missing("chunk") : rows[0].GetInt64(0) == 1;
            },
            cancellationToken);

    /// <summary>Records planned chunks, and that the plan is complete when it is.</summary>
    public Task AddChunksAsync(int tableNumber, IReadOnlyList<ChunkRecord> chunks, bool planComplete, CancellationToken cancellationToken) =>
        WriteAsync(
            async (session, token) =>
            {
                await InsertAsync(
                    session,
                    "INSERT INTO dts_migrate.chunk (task, table_number, number, lower_bound, upper_bound, scope, priority) VALUES ",
                    chunks.Select(c => string.Create(
                        CultureInfo.InvariantCulture,
                        $"({_task},{tableNumber},{c.Number},{CheckpointSql.Text(CheckpointSql.FormatBounds(c.Lower))},{CheckpointSql.Text(CheckpointSql.FormatBounds(c.Upper))},{CheckpointSql.Text(CheckpointSql.FormatScope(c.Scope))},{c.Priority})")),
                    token).ConfigureAwait(false);
                if (planComplete)
                {
                    await UpdateOneAsync(session, $"UPDATE dts_migrate.table_copy SET plan_complete=1 WHERE task={_task} AND number={Number(tableNumber)}", "table_copy", token).ConfigureAwait(false);
                }
            },
            cancellationToken);

    /// <summary>
    /// In the caller's transaction: marks a chunk done and adds to the table's counters; asserts the lease. Takes <see cref="ChunkRecord.Rows"/> and
    /// <see cref="ChunkRecord.Bytes"/> from the record.
    /// </summary>
    /// <exception cref="DtsMigrateException">Code <c>ChunkAlreadyDone</c>: its rows are committed already, the caller must roll back. Code <c>LeaseLost</c>.</exception>
    public async Task MarkChunkDoneAsync(MySqlSession session, ChunkRecord chunk, CancellationToken cancellationToken)
    {
        await AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
        var result = await session.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"UPDATE dts_migrate.chunk SET done=1, row_count={chunk.Rows}, byte_count={chunk.Bytes} WHERE task={_task} AND table_number={chunk.TableNumber} AND number={chunk.Number} AND done=0"),
            cancellationToken).ConfigureAwait(false);
        if (result.AffectedRows != 1)
        {
            throw new DtsMigrateException("ChunkAlreadyDone", $"Chunk {chunk.Number} of table {chunk.TableNumber} of task {Lease.TaskName} is done already, or is not planned.");
        }

        await UpdateOneAsync(
            session,
            string.Create(
                CultureInfo.InvariantCulture,
                $"UPDATE dts_migrate.table_copy SET rows_copied=rows_copied+{chunk.Rows}, bytes_copied=bytes_copied+{chunk.Bytes} WHERE task={_task} AND number={chunk.TableNumber}"),
            "table_copy",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The stream's row; null before the stream has started. Reads under a lock: a COMMIT whose answer was lost is either visible or undone
    /// when this returns, never still under way.
    /// </summary>
    public Task<AppliedRecord?> ReadAppliedAsync(CancellationToken cancellationToken) =>
        _own.TransactAsync(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync($"SELECT current_position, high_position, changes FROM dts_migrate.applied WHERE task={_task} FOR UPDATE", token).ConfigureAwait(false);
                return rows.Count == 0
                    ? null
                    : new AppliedRecord(SourcePosition.Parse(rows[0].GetString(0)), SourcePosition.Parse(rows[0].GetString(1)), rows[0].GetInt64(2));
            },
            cancellationToken);

    /// <summary>In the caller's transaction: writes the stream's row; asserts the lease.</summary>
    public async Task WriteAppliedAsync(MySqlSession session, AppliedRecord applied, CancellationToken cancellationToken)
    {
        await AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
        string current = CheckpointSql.Text(applied.Current.ToString());
        string high = CheckpointSql.Text(applied.High.ToString());
        string changes = applied.Changes.ToString(CultureInfo.InvariantCulture);
        await session.ExecuteAsync(
            $"INSERT INTO dts_migrate.applied (task, current_position, high_position, changes) VALUES ({_task},{current},{high},{changes}) "
            + $"ON DUPLICATE KEY UPDATE current_position={current}, high_position={high}, changes={changes}",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>In one transaction: starts a pass at <paramref name="applied"/>.Current and moves the tables from Copied to CatchingUp.</summary>
    public Task BeginPassAsync(AppliedRecord applied, IReadOnlyList<int> tables, CancellationToken cancellationToken) =>
        WriteAsync(
            async (session, token) =>
            {
                await WriteAppliedAsync(session, applied, token).ConfigureAwait(false);
                foreach (int table in tables)
                {
                    await UpdateOneAsync(
                        session,
                        $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.CatchingUp}' WHERE task={_task} AND number={Number(table)} AND state IN ('{TableCopyState.Copied}','{TableCopyState.CatchingUp}')",
                        "table_copy",
                        token).ConfigureAwait(false);
                }
            },
            cancellationToken);

    /// <summary>In the caller's transaction: all tables that catch up are Live; asserts the lease.</summary>
    public async Task MarkLiveAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        await AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(
            $"UPDATE dts_migrate.table_copy SET state='{TableCopyState.Live}' WHERE task={_task} AND state='{TableCopyState.CatchingUp}'",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the lease back, so that another machine need not wait for it, and closes the store's session.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_own.IsOpen)
        {
            using var limit = new CancellationTokenSource(ReleaseLimit);
            try
            {
                await _own.RunAsync((session, token) => LeaseTable.ReleaseAsync(session, Lease, token), limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is DtsMigrateException or OperationCanceledException)
            {
                // The lease then runs out by itself; nothing else depends on this.
            }
        }

        await _own.DisposeAsync().ConfigureAwait(false);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

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
    };

    /// <summary>Inserts rows in groups; rows that are there already stay as they are, which makes a second call harmless.</summary>
    private static async Task InsertAsync(MySqlSession session, string head, IEnumerable<string> rows, CancellationToken cancellationToken)
    {
        foreach (string[] group in rows.Chunk(RowsPerInsert))
        {
            var sql = new StringBuilder(head).AppendJoin(',', group).Append(" ON DUPLICATE KEY UPDATE number=number");
            await session.ExecuteAsync(sql.ToString(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task UpdateOneAsync(MySqlSession session, string sql, string table, CancellationToken cancellationToken)
    {
        var result = await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
        if (result.AffectedRows != 1)
        {
            throw Missing(table);
        }
    }

    private DtsMigrateException Missing(string table) =>
        new("CheckpointInconsistent", $"A row of task {Lease.TaskName} in dts_migrate.{table} is not there or not in the expected state.")
        {
            Target = $"dts_migrate.{table}",
            RecommendedAction = "Somebody has changed the schema dts_migrate; start the migration anew under another task name.",
        };

    private Task<bool> WriteAsync(Func<MySqlSession, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        _own.TransactAsync(
            async (session, token) =>
            {
                await AssertLeaseAsync(session, token).ConfigureAwait(false);
                await action(session, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
}
