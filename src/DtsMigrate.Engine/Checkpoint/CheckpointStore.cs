using System.Globalization;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The task's progress in schema <c>dts_migrate</c> of the destination. Methods that take a session run inside the caller's transaction
/// on it; they never commit. The others use a few sessions of the store's own, and commit.
/// Every write checks the lease in the same transaction (shared lock on the lease row): a stale epoch fails with code <c>LeaseLost</c>.
/// Every method may be called again after a failure: its writes are the same whether they are made once or twice.
/// </summary>
public sealed class CheckpointStore : IAsyncDisposable
{
    private const string TableFields =
        "number, source_database, source_table, destination_database, destination_table, state, definition_hash, watermark, fuzzy_end, plan_complete, rows_copied, bytes_copied, attempt, must_clear, stop_reason, changes_left_out";

    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    private readonly CheckpointSession _own;
    private readonly string _task;
    private readonly bool _isHolder;

    private CheckpointStore(CheckpointSession own, Lease lease, bool isHolder)
    {
        _own = own;
        _isHolder = isHolder;
        _task = CheckpointSql.Text(lease.TaskName);
        Lease = lease;
        Windows = new SlotWindowStore(own, lease);
        DeferredIndexes = new DeferredIndexStore(own, lease);
        Chunks = new ChunkTable(own, lease);
        Definitions = new DefinitionStore(own, lease);
        Ddl = new DdlLogStore(own, lease);
        Changes = new TableChangeStore(own, lease);
    }

    /// <summary>The lease in force.</summary>
    public Lease Lease { get; }

    /// <summary>The window that is being written in slots.</summary>
    internal SlotWindowStore Windows { get; }

    /// <summary>The plan of indexes that are built after the rows.</summary>
    internal DeferredIndexStore DeferredIndexes { get; }

    /// <summary>The chunks of tables.</summary>
    internal ChunkTable Chunks { get; }

    /// <summary>The tracked definitions of tables.</summary>
    internal DefinitionStore Definitions { get; }

    /// <summary>The DDL log.</summary>
    internal DdlLogStore Ddl { get; }

    /// <summary>Held while the copy clears a table on the destination, and while the stream takes tables out of the task.</summary>
    internal SemaphoreSlim NameLock { get; } = new(1, 1);

    /// <summary>What DDL does to the task's list of tables.</summary>
    internal TableChangeStore Changes { get; }

    /// <summary>
    /// Creates the schema where missing, registers the task, and takes its lease.
    /// </summary>
    /// <param name="destination">Destination.</param>
    /// <param name="taskName">Task.</param>
    /// <param name="definitionHash">Hash of source, objects, mapping and types: a task of the same name with another one is refused with code <c>TaskDefinitionChanged</c>.</param>
    /// <param name="owner">Owner text: <c>machine:process:random:source</c>. A lease renewed within the last 30 s by another machine is not taken over: code <c>LeaseHeld</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">Codes above, and <c>CheckpointLayoutUnknown</c> when a later release has written there.</exception>
    public static Task<CheckpointStore> OpenAsync(ServerConnector destination, string taskName, string definitionHash, string owner, CancellationToken cancellationToken) =>
        OpenAsync(destination, taskName, definitionHash, owner, after: null, cancellationToken);

    /// <summary>As <see cref="OpenAsync(ServerConnector, string, string, string, CancellationToken)"/>, for a worker that goes on by itself after a failure.</summary>
    /// <param name="destination">Destination.</param>
    /// <param name="taskName">Task.</param>
    /// <param name="definitionHash">Hash of the definition.</param>
    /// <param name="owner">Owner text.</param>
    /// <param name="after">Epoch of this worker's last lease; another one since means that the task was taken, stopped or ended elsewhere: code <c>LeaseLost</c>. Null for any.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal static async Task<CheckpointStore> OpenAsync(ServerConnector destination, string taskName, string definitionHash, string owner, long? after, CancellationToken cancellationToken)
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
            var lease = await own.TransactAsync((session, token) => LeaseTable.TakeAsync(session, taskName, definitionHash, owner, after, token), cancellationToken).ConfigureAwait(false);
            return new CheckpointStore(own, lease, isHolder: true);
        }
        catch
        {
            await own.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Joins a task that another worker runs, under that worker's lease: what this store writes commits as long as that lease stands, and fails with <c>LeaseLost</c> once
    /// another worker has taken it. The lease is neither renewed nor released through this store.
    /// </summary>
    /// <param name="destination">Destination.</param>
    /// <param name="taskName">Task.</param>
    /// <param name="definitionHash">As for <see cref="OpenAsync(ServerConnector, string, string, string, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">
    /// Code <c>TaskNotBegun</c>: the destination does not know the task. Code <c>TaskDefinitionChanged</c>: it knows it with another definition. Code
    /// <c>CheckpointLayoutUnknown</c>: another release runs it.
    /// </exception>
    public static async Task<CheckpointStore> JoinAsync(ServerConnector destination, string taskName, string definitionHash, CancellationToken cancellationToken)
    {
        var own = new CheckpointSession(destination);
        try
        {
            var seen = await own.RunAsync((session, token) => TaskSight.ReadAsync(session, taskName, definitionHash, token), cancellationToken).ConfigureAwait(false);
            return new CheckpointStore(own, new Lease(taskName, seen.Owner, seen.Epoch), isHolder: false);
        }
        catch
        {
            await own.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The task as it is now, for a worker that has joined it.</summary>
    internal Task<TaskSight> LookAsync(string definitionHash, CancellationToken cancellationToken) =>
        _own.RunAsync((session, token) => TaskSight.ReadAsync(session, Lease.TaskName, definitionHash, token), cancellationToken);

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
                return rows.Count == 0 ? throw CheckpointRows.Missing(Lease, "task") : rows[0].GetString(0);
            },
            cancellationToken);

    /// <summary>Records a finished step.</summary>
    public Task WritePhaseAsync(string phase, CancellationToken cancellationToken) =>
        WriteAsync(
            (session, token) => UpdateOneAsync(session, $"UPDATE dts_migrate.task SET phase={CheckpointSql.Text(phase)} WHERE name={_task}", "task", token),
            cancellationToken);

    /// <summary>Position of the snapshot that a task without incremental migration copies from; empty when it is not known, null before there is one.</summary>
    public Task<string?> ReadSnapshotAsync(CancellationToken cancellationToken) =>
        _own.RunAsync(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync($"SELECT snapshot_position FROM dts_migrate.task WHERE name={_task}", token).ConfigureAwait(false);
                return rows.Count == 0 ? throw CheckpointRows.Missing(Lease, "task") : rows[0].GetStringOrNull(0);
            },
            cancellationToken);

    /// <summary>Records the snapshot that is copied from.</summary>
    public Task WriteSnapshotAsync(string position, CancellationToken cancellationToken) =>
        WriteAsync(
            (session, token) => UpdateOneAsync(session, $"UPDATE dts_migrate.task SET snapshot_position={CheckpointSql.Text(position)} WHERE name={_task}", "task", token),
            cancellationToken);

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

    /// <summary>In the caller's transaction: counts row changes that were left out.</summary>
    internal async Task AddLeftOutAsync(MySqlSession session, LeftOutRows rows, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.applied SET left_out=left_out+{rows.Total} WHERE task={_task}"), cancellationToken).ConfigureAwait(false);
        foreach (var (table, count) in rows.Tables)
        {
            await Changes.AddLeftOutAsync(session, table, count, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Row changes that were left out since the task began, because their kind or their table is not selected.</summary>
    public Task<long> ReadLeftOutAsync(CancellationToken cancellationToken) =>
        _own.RunAsync(
            async (session, token) =>
            {
                var rows = await session.QueryRowsAsync($"SELECT left_out FROM dts_migrate.applied WHERE task={_task}", token).ConfigureAwait(false);
                return rows.Count == 0 ? 0 : rows[0].GetInt64(0);
            },
            cancellationToken);

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

    /// <summary>Gives the lease back, if it is this worker's, so that another machine need not wait for it, and closes the store's session.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isHolder && _own.IsOpen)
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
        NameLock.Dispose();
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
        Attempt = (int)row.GetInt64(12),
        MustClear = row.GetInt64(13) == 1,
        StopReason = row.GetStringOrNull(14),
        ChangesLeftOut = row.GetInt64(15),
    };

    private async Task UpdateOneAsync(MySqlSession session, string sql, string table, CancellationToken cancellationToken)
    {
        var result = await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
        RequireOne(result, table);
    }

    /// <summary>A guarded statement that has found nothing: the lease is lost, or the row is not as it must be.</summary>
    private async Task RequireFoundAsync(ulong rows, string table, CancellationToken cancellationToken)
    {
        if (rows != 1)
        {
            await WriteAsync((_, _) => Task.FromException(CheckpointRows.Missing(Lease, table)), cancellationToken).ConfigureAwait(false);
        }
    }

    private bool RequireOne(StatementResult answer, string table) => answer.AffectedRows == 1 ? true : throw CheckpointRows.Missing(Lease, table);

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
