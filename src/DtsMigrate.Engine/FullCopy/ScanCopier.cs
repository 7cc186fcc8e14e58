using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Copies a table in one scan: a table without a key (invariant I4), or one that unlogged cascades reach, from a consistent snapshot whose exact position is W(T); and a table that the common snapshot of a task without
/// incremental migration does not reach. Nothing in the middle can be resumed: each attempt empties the destination's table and begins again.
/// </summary>
internal sealed class ScanCopier
{
    private readonly RunContext _context;
    private readonly SourcePositionReader _positions;
    private readonly CopyTuning _tuning;
    private readonly ChunkCopier _chunks;

    /// <summary>Creates the copier.</summary>
    public ScanCopier(RunContext context, SourcePositionReader positions, CopyTuning tuning, ChunkCopier chunks)
    {
        _context = context;
        _positions = positions;
        _tuning = tuning;
        _chunks = chunks;
    }

    /// <summary>Copies the table with retries.</summary>
    public async Task CopyAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        // Before the snapshot, which then is never held up.
        using var slot = await _context.Governor.EnterChunkAsync(cancellationToken).ConfigureAwait(false);
        await sessions.RunAsync(
            $"copy {table}",
            async (_, token) =>
            {
                await DefinitionGuard.CheckAsync(table, sessions, token).ConfigureAwait(false);
                await EmptyAsync(table, await sessions.DestinationAsync(token).ConfigureAwait(false), token).ConfigureAwait(false);
                table.Progress.ResetCopied();
                var locker = await _context.Source.OpenAsync(SessionPurpose.ReadRows, token).ConfigureAwait(false);
                await using (locker.ConfigureAwait(false))
                {
                    await sessions.ReadTableAsync(table, () => CopySnapshotAsync(table, locker, sessions, token)).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task CopySnapshotAsync(TableWork table, MySqlSession locker, CopySessions sessions, CancellationToken cancellationToken)
    {
        if (sessions.InSnapshot && table.HasSnapshots && !table.IsNewerThanSnapshot)
        {
            await ScanAsync(table, await sessions.SourceAsync(cancellationToken).ConfigureAwait(false), sessions, cancellationToken).ConfigureAwait(false);
            await sessions.ReleaseSourceAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var source = await sessions.OwnSourceAsync(cancellationToken).ConfigureAwait(false);
        await source.ExecuteAsync("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", cancellationToken).ConfigureAwait(false);

        // Only InnoDB has snapshots; a table of another engine stays locked while it is read.
        if (_context.IsIncremental || !table.HasSnapshots)
        {
            // While this waits for an open transaction, writers of the table wait behind it: give up soon, the retry policy tries again later.
            await locker.ExecuteAsync("SET SESSION lock_wait_timeout=3", cancellationToken).ConfigureAwait(false);
            await locker.ExecuteAsync($"LOCK TABLES {string.Join(", ", table.LockedWith.Prepend(table.Route.Source).Select(t => $"{t.ToSql()} READ"))}", cancellationToken).ConfigureAwait(false);

            // Once more: under the lock it is what the table is at its watermark.
            await DefinitionGuard.CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
            await _tuning.BeforeWatermark().ConfigureAwait(false);
        }

        await source.ExecuteAsync("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", cancellationToken).ConfigureAwait(false);
        table.Watermark = _context.IsIncremental ? await _positions.ReadWithoutLockAsync(locker, cancellationToken).ConfigureAwait(false) : null;
        if (table.HasSnapshots)
        {
            await locker.ExecuteAsync("UNLOCK TABLES", cancellationToken).ConfigureAwait(false);
        }

        if (sessions.InSnapshot)
        {
            _context.Log.Write(LogLevel.Warning, "FullCopy", $"{table} is read as of now, later than the other tables: {(table.HasSnapshots ? "it was changed after their snapshot was opened" : $"engine {table.Route.Definition.Engine} has no snapshots")}.");
        }

        await ScanAsync(table, source, sessions, cancellationToken).ConfigureAwait(false);
        await source.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        await source.ExecuteAsync("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", cancellationToken).ConfigureAwait(false);
    }

    private async Task ScanAsync(TableWork table, MySqlSession source, CopySessions sessions, CancellationToken cancellationToken)
    {
        await _context.Store.BeginCopyAsync(table.Route.Number, table.Watermark, cancellationToken).ConfigureAwait(false);
        table.State = TableCopyState.Copying;
        var rows = await source.QueryAsync(table.Statements!.SelectAll(), cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await CopyRowsAsync(table, rows, await sessions.DestinationAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One scan of the source into as many destination transactions as its size asks for, each a chunk of the checkpoint.</summary>
    private async Task CopyRowsAsync(TableWork table, TextResultSet rows, MySqlSession destination, CancellationToken cancellationToken)
    {
        var load = new LoadRoad(table.Statements!, _chunks.DuplicatesAllowed(table), _context.Throttle.Full);
        var insert = _chunks.Insert(table);
        var pass = _chunks.BeginPass(table, rows, destination, cancellationToken);
        PieceResult piece;
        int number = 0;
        do
        {
            await destination.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
            try
            {
                piece = _chunks.UsesInsert(table)
                    ? await pass((r, left) => insert.WriteAsync(destination, r, left, cancellationToken), _tuning.ChunkBytes).ConfigureAwait(false)
                    : await pass((r, left) => load.WriteAsync(destination, r, left, cancellationToken), _tuning.ChunkBytes).ConfigureAwait(false);
            }
            catch (Exception e) when (e is LoadNotExactException || (e is MySqlServerException server && _chunks.IsLoadRefusal(server)))
            {
                // The rows that were sent are gone from the stream: the table begins again, by INSERT.
                _context.Log.Write(LogLevel.Warning, "FullCopy", $"Table {table}: LOAD DATA cannot be used ({e.Message}); it is copied again by INSERT.");
                table.InsertOnly = true;
                throw new DtsMigrateException("KeylessCopyRestarts", $"The copy of {table} begins again by INSERT.") { IsTransient = true };
            }

            // Recorded when it is done, not before: no other worker may take a part of this scan.
            await _context.Store.Chunks.AddDoneAsync(destination, new ChunkRecord(table.Route.Number, ++number, null, null, true, piece.Rows, piece.Bytes), cancellationToken).ConfigureAwait(false);
            await destination.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
            table.Progress.AddCopied(piece.Rows, piece.Bytes);
        }
        while (!piece.AtEnd);
        await _context.Store.Chunks.AddAsync(table.Route.Number, table.Attempt, [], true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes what an earlier attempt has left.
    /// </summary>
    private async Task EmptyAsync(TableWork table, MySqlSession destination, CancellationToken cancellationToken)
    {
        if (!table.IsReadAtOnce && (table.State == TableCopyState.Pending || _context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed))
        {
            // By their keys rows can be told apart.
            return;
        }

        if (table.State == TableCopyState.Pending)
        {
            await TableEmptier.RequireEmptyAsync(table.Route.Destination, destination, cancellationToken).ConfigureAwait(false);
            return;
        }

        await TableEmptier.EmptyAsync(_context, table.Route.Destination, destination, cancellationToken).ConfigureAwait(false);
    }
}
