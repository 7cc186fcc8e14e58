using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// The task's progress in schema <c>dts_migrate</c> of the destination. Methods that take a session run inside the caller's transaction
/// on it; they never commit. The others use the store's own session, one at a time, and commit.
/// Every write checks the lease in the same transaction (shared lock on the lease row): a stale epoch fails with code <c>LeaseLost</c>.
/// </summary>
public sealed class CheckpointStore : IAsyncDisposable
{
    private CheckpointStore()
    {
    }

    /// <summary>The lease in force.</summary>
    public Lease Lease => throw new NotImplementedException();

    /// <summary>
    /// Creates the schema where missing, registers the task, and takes its lease.
    /// </summary>
    /// <param name="destination">Destination.</param>
    /// <param name="taskName">Task.</param>
    /// <param name="definitionHash">Hash of source, objects, mapping and types: a task of the same name with another one is refused with code <c>TaskDefinitionChanged</c>.</param>
    /// <param name="owner">Owner text: <c>machine:process:random</c>. A lease renewed within the last 30 s by another machine is not taken over: code <c>LeaseHeld</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Task<CheckpointStore> OpenAsync(ServerConnector destination, string taskName, string definitionHash, string owner, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Renews the lease's time stamp; fails with <c>LeaseLost</c>.</summary>
    public Task RenewLeaseAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>In the caller's transaction: locks the lease row shared and checks the epoch. Call it before COMMIT.</summary>
    public Task AssertLeaseAsync(MySqlSession session, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Name of the furthest finished step of the task (<c>schema</c>, <c>copy</c>, <c>foreignkeys</c> ...), empty when none.</summary>
    public Task<string> ReadPhaseAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Records a finished step.</summary>
    public Task WritePhaseAsync(string phase, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>All tables of the task.</summary>
    public Task<IReadOnlyList<TableCopyRecord>> ReadTablesAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Registers the planned tables (state Pending) at once.</summary>
    public Task AddTablesAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Pending to Copying with the watermark (null without incremental migration). Removes chunks of an earlier copy.</summary>
    public Task BeginCopyAsync(int tableNumber, SourcePosition? watermark, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Copying to Copied with E(T); to Live when the task has no incremental migration.</summary>
    public Task EndCopyAsync(int tableNumber, SourcePosition? fuzzyEnd, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Chunks of a table that are planned.</summary>
    public Task<IReadOnlyList<ChunkRecord>> ReadChunksAsync(int tableNumber, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Records planned chunks, and that the plan is complete when it is.</summary>
    public Task AddChunksAsync(int tableNumber, IReadOnlyList<ChunkRecord> chunks, bool planComplete, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>In the caller's transaction: marks a chunk done and adds to the table's counters; asserts the lease.</summary>
    public Task MarkChunkDoneAsync(MySqlSession session, ChunkRecord chunk, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The stream's row; null before the stream has started.</summary>
    public Task<AppliedRecord?> ReadAppliedAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>In the caller's transaction: writes the stream's row; asserts the lease.</summary>
    public Task WriteAppliedAsync(MySqlSession session, AppliedRecord applied, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>In one transaction: starts a pass at <paramref name="applied"/>.Current and moves the tables from Copied to CatchingUp.</summary>
    public Task BeginPassAsync(AppliedRecord applied, IReadOnlyList<int> tables, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>In the caller's transaction: all tables that catch up are Live.</summary>
    public Task MarkLiveAsync(MySqlSession session, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
