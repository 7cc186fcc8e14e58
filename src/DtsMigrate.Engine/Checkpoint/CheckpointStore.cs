using System.Globalization;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The task's progress in schema <c>dts_migrate</c> of the destination. Methods that take a session run inside the caller's transaction
/// on it; they never commit. The others use a few sessions of the store's own, and commit.
/// Every write checks the lease in the same transaction (shared lock on the lease row): a stale epoch fails with code <c>LeaseLost</c>.
/// Every method may be called again after a failure: its writes are the same whether they are made once or twice.
/// </summary>
public sealed partial class CheckpointStore : IAsyncDisposable
{
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
        Shadows = new ShadowStore(own, lease);
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

    /// <summary>Shadow tables of online DDL tools.</summary>
    internal ShadowStore Shadows { get; }

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

    private async Task UpdateOneAsync(MySqlSession session, string sql, string table, CancellationToken cancellationToken)
    {
        var result = await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
        RequireOne(result, table);
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
