using System.Globalization;
using System.Text;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>
/// How workers, on one machine or many, share the chunks of a task: a chunk belongs to whoever holds the lock of its row in <c>dts_migrate.chunk</c>. The lock
/// is taken in the transaction that also writes the rows and marks the chunk done, so that a worker that dies gives it back by dying. All methods run in
/// the caller's transaction and never commit.
/// </summary>
internal sealed class ChunkClaims
{
    /// <summary>Numbers from here on belong to the rest of chunks that were cut; below are those of the planner.</summary>
    public const int FirstCutNumber = 1_000_000_000;

    private const int EndingSeconds = 2;

    private const string Fields = "table_number, number, lower_bound, upper_bound, scope, priority";

    private readonly CheckpointStore _store;
    private readonly string _task;
    private readonly ChunkLocks? _names;

    /// <summary>Creates the claims of one worker.</summary>
    /// <param name="store">The task's checkpoint; its lease is asserted with each chunk that is finished.</param>
    /// <param name="destination">Version of the destination. Before 8.0.1 there is no SKIP LOCKED: named locks then tell which chunks are taken.</param>
    public ChunkClaims(CheckpointStore store, ServerVersion destination)
    {
        _store = store;
        _task = CheckpointSql.Text(store.Lease.TaskName);
        _names = destination.IsAtLeast(8, 0, 1) ? null : new ChunkLocks(store.Lease.TaskName);
    }

    /// <summary>Locks the next chunk that nobody is at, tables in the order of their priority; null when there is none.</summary>
    /// <param name="session">A session with an open transaction.</param>
    /// <param name="without">Numbers of tables to pass over.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ChunkRecord?> TakeAsync(MySqlSession session, IReadOnlyCollection<int> without, CancellationToken cancellationToken)
    {
        // The index gives the order, so that no row but the one returned stays locked.
        string others = without.Count == 0 ? string.Empty : $" AND table_number NOT IN ({string.Join(',', without)})";
        string next = $"FROM dts_migrate.chunk FORCE INDEX (claim) WHERE task={_task} AND done=0{others}";
        const string Order = " ORDER BY priority, table_number, number LIMIT 1";
        if (_names is null)
        {
            var rows = await session.QueryRowsAsync($"SELECT {Fields} {next}{Order} FOR UPDATE SKIP LOCKED", cancellationToken).ConfigureAwait(false);
            return rows.Count == 0 ? null : Read(rows[0]);
        }

        await ReleaseAsync(session, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var free = await session.QueryRowsAsync($"SELECT table_number, number {next} AND {_names.IsFree}{Order}", cancellationToken).ConfigureAwait(false);
            if (free.Count == 0)
            {
                return null;
            }

            // Another worker may have been quicker, and may even be done with it.
            if (await TryTakeAsync(session, (int)free[0].GetInt64(0), (int)free[0].GetInt64(1), cancellationToken).ConfigureAwait(false) is { } chunk)
            {
                return chunk;
            }
        }
    }

    /// <summary>Locks those of the given tables' chunks that nobody is at and that are whole tables.</summary>
    public async Task<IReadOnlyList<ChunkRecord>> TakeWholeAsync(MySqlSession session, IEnumerable<int> tables, CancellationToken cancellationToken)
    {
        string whole = $"FROM dts_migrate.chunk WHERE task={_task} AND table_number IN ({string.Join(',', tables)}) AND number=1 AND done=0 AND lower_bound IS NULL AND upper_bound IS NULL AND scope IS NULL";
        if (_names is null)
        {
            var rows = await session.QueryRowsAsync($"SELECT {Fields} {whole} ORDER BY priority FOR UPDATE SKIP LOCKED", cancellationToken).ConfigureAwait(false);
            return [.. rows.Select(Read)];
        }

        var taken = new List<ChunkRecord>();
        foreach (var free in await session.QueryRowsAsync($"SELECT table_number {whole} AND {_names.IsFree} ORDER BY priority", cancellationToken).ConfigureAwait(false))
        {
            if (await TryTakeAsync(session, (int)free.GetInt64(0), 1, cancellationToken).ConfigureAwait(false) is { Lower: null, Upper: null, Scope: null } chunk)
            {
                taken.Add(chunk);
            }
        }

        return taken;
    }

    /// <summary>
    /// Locks a chunk again after its transaction was lost. Waits for that transaction, should the server still be ending it.
    /// </summary>
    /// <returns>False when there is nothing left to do: its COMMIT has come through, another worker has done it, or its table was begun again.</returns>
    public async Task<bool> TakeAgainAsync(MySqlSession session, ChunkRecord chunk, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync($"SELECT {Fields} FROM dts_migrate.chunk WHERE {Key(chunk)} AND done=0 FOR UPDATE", cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            return false;
        }

        if (_names is not null)
        {
            // So that others pass over it. A session that is ending gives its locks back first and its names then.
            await _names.TryTakeAsync(session, chunk.TableNumber, chunk.Number, EndingSeconds, cancellationToken).ConfigureAwait(false);
        }

        var now = Read(rows[0]);
        return Same(now.Lower, chunk.Lower) && Same(now.Upper, chunk.Upper) && now.Scope?.Partition == chunk.Scope?.Partition && Same(now.Scope?.Fixed, chunk.Scope?.Fixed);
    }

    /// <summary>Locks a chunk if nobody is at it and it is not done.</summary>
    public async Task<ChunkRecord?> TryTakeAsync(MySqlSession session, int table, int number, CancellationToken cancellationToken)
    {
        if (_names is not null && !await _names.TryTakeAsync(session, table, number, waitSeconds: 0, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        string sql = string.Create(CultureInfo.InvariantCulture, $"SELECT {Fields} FROM dts_migrate.chunk WHERE task={_task} AND table_number={table} AND number={number} AND done=0 FOR UPDATE");
        var rows = await session.QueryRowsAsync(_names is null ? sql + " SKIP LOCKED" : sql, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : Read(rows[0]);
    }

    /// <summary>Gives back what of a session's chunks outlasts its transaction. Call it after COMMIT or ROLLBACK where the session does not take its next chunk at once.</summary>
    public Task ReleaseAsync(MySqlSession session, CancellationToken cancellationToken) => _names is null ? Task.CompletedTask : ChunkLocks.ReleaseAsync(session, cancellationToken);

    /// <summary>Marks a locked chunk done, with its counters; asserts the lease. Call it last before COMMIT.</summary>
    /// <param name="session">The session that has it.</param>
    /// <param name="chunk">The chunk, with what was copied.</param>
    /// <param name="end">Key of its last copied row when it was ended before its end: the rest becomes a chunk of its own. Null for the whole chunk.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Number of the rest's chunk; null without one.</returns>
    /// <exception cref="DtsMigrateException">Code <c>LeaseLost</c>; code <c>ChunkAlreadyDone</c>: it was not locked by this session. Roll back.</exception>
    public async Task<int?> FinishAsync(MySqlSession session, ChunkRecord chunk, IReadOnlyList<string>? end, CancellationToken cancellationToken)
    {
        string shortened = end is null ? string.Empty : $", upper_bound={CheckpointSql.Text(CheckpointSql.FormatBounds(end))}";
        string mark = string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.chunk SET done=1, row_count={chunk.Rows}, byte_count={chunk.Bytes}{shortened} WHERE {Key(chunk)} AND done=0");
        var answers = await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes($"{LeaseTable.FenceSql(session, _store.Lease)};{mark}"), cancellationToken).ConfigureAwait(false);
        await LeaseTable.RequireFenceAsync(session, _store.Lease, answers[0], cancellationToken).ConfigureAwait(false);
        if (answers[1].AffectedRows != 1)
        {
            throw AlreadyDone(chunk);
        }

        return end is null ? null : await AddRestAsync(session, chunk with { Lower = end }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Marks locked chunks done, each copied whole, with their counters; asserts the lease. Call it last before COMMIT.</summary>
    /// <exception cref="DtsMigrateException">Code <c>LeaseLost</c>; code <c>ChunkAlreadyDone</c>: one was not locked by this session. Roll back.</exception>
    public async Task FinishAsync(MySqlSession session, IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken)
    {
        var marks = chunks.Select(c => string.Create(CultureInfo.InvariantCulture, $"UPDATE dts_migrate.chunk SET done=1, row_count={c.Rows}, byte_count={c.Bytes} WHERE {Key(c)} AND done=0"));
        var answers = await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes(string.Join(';', marks.Prepend(LeaseTable.FenceSql(session, _store.Lease)))), cancellationToken).ConfigureAwait(false);
        await LeaseTable.RequireFenceAsync(session, _store.Lease, answers[0], cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < chunks.Count; i++)
        {
            if (answers[i + 1].AffectedRows != 1)
            {
                throw AlreadyDone(chunks[i]);
            }
        }
    }

    /// <summary>Replaces a locked chunk by parts of it: the chunk keeps the last of the ranges.</summary>
    /// <param name="session">The session that has it.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="bounds">Keys inside it, ascending.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task SplitAsync(MySqlSession session, ChunkRecord chunk, IReadOnlyList<IReadOnlyList<string>> bounds, CancellationToken cancellationToken)
    {
        await _store.AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
        var lower = chunk.Lower;
        foreach (var bound in bounds)
        {
            await AddRestAsync(session, chunk with { Lower = lower, Upper = bound }, cancellationToken).ConfigureAwait(false);
            lower = bound;
        }

        await session.ExecuteAsync($"UPDATE dts_migrate.chunk SET lower_bound={CheckpointSql.Text(CheckpointSql.FormatBounds(lower))} WHERE {Key(chunk)}", cancellationToken).ConfigureAwait(false);
    }

    private DtsMigrateException AlreadyDone(ChunkRecord chunk) =>
        new("ChunkAlreadyDone", $"Chunk {chunk.Number} of table {chunk.TableNumber} of task {_store.Lease.TaskName} is done already, or is not planned.");

    private static bool Same(IReadOnlyList<string>? a, IReadOnlyList<string>? b) => a is null ? b is null : b is not null && a.SequenceEqual(b);

    private static ChunkRecord Read(TextRow row) => new(
        (int)row.GetInt64(0),
        (int)row.GetInt64(1),
        CheckpointSql.ParseBounds(row.GetStringOrNull(2)),
        CheckpointSql.ParseBounds(row.GetStringOrNull(3)),
        false,
        0,
        0,
        CheckpointSql.ParseScope(row.GetStringOrNull(4)),
        (int)row.GetInt64(5));

    private async Task<int> AddRestAsync(MySqlSession session, ChunkRecord rest, CancellationToken cancellationToken)
    {
        // One at a time per table: two workers must not draw the same number.
        await session.QueryRowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT 1 FROM dts_migrate.table_copy WHERE task={_task} AND number={rest.TableNumber} FOR UPDATE"), cancellationToken).ConfigureAwait(false);
        var last = await session.QueryRowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT MAX(number) FROM dts_migrate.chunk WHERE task={_task} AND table_number={rest.TableNumber}"), cancellationToken).ConfigureAwait(false);
        int number = (int)Math.Max(last[0].GetInt64(0) + 1, FirstCutNumber);
        await session.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"INSERT INTO dts_migrate.chunk (task, table_number, number, lower_bound, upper_bound, scope, priority) VALUES ({_task},{rest.TableNumber},{number},")
            + $"{CheckpointSql.Text(CheckpointSql.FormatBounds(rest.Lower))},{CheckpointSql.Text(CheckpointSql.FormatBounds(rest.Upper))},{CheckpointSql.Text(CheckpointSql.FormatScope(rest.Scope))},"
            + string.Create(CultureInfo.InvariantCulture, $"{rest.Priority})"),
            cancellationToken).ConfigureAwait(false);
        return number;
    }

    private string Key(ChunkRecord chunk) => string.Create(CultureInfo.InvariantCulture, $"task={_task} AND table_number={chunk.TableNumber} AND number={chunk.Number}");
}
