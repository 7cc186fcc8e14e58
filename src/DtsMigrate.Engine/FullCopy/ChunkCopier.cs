using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Copies one chunk: one SELECT on the source, one transaction on the destination that also marks the chunk done.</summary>
internal sealed class ChunkCopier
{
    private readonly RunContext _context;
    private readonly CopyTuning _tuning;
    private volatile bool _loadRefused;

    /// <summary>Creates the copier that all workers share.</summary>
    public ChunkCopier(RunContext context, CopyTuning tuning)
    {
        _context = context;
        _tuning = tuning;
        _loadRefused = !context.DestinationFacts.LocalInfile;
        if (_loadRefused)
        {
            context.Log.Write(LogLevel.Warning, "FullCopy", "local_infile is off on the destination: rows go by INSERT, which is slower.");
        }
    }

    /// <summary>
    /// Rows may be left out for a unique value that is there already: while changes are held, a row that has moved between two reads is put right by them;
    /// with IgnoreErrorsAndProceed the rows that exist are kept.
    /// </summary>
    public bool DuplicatesAllowed(TableWork table) =>
        _context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed || (_context.IsIncremental && !table.IsKeyless && table.Route.Definition.HasSecondaryUnique);

    /// <summary>True when rows of the table go by INSERT.</summary>
    public bool UsesInsert(TableWork table) => _loadRefused || table.InsertOnly;

    /// <summary>The strict road for a table.</summary>
    public InsertRoad Insert(TableWork table) =>
        new(table.Statements!, table.Route.Destination, _tuning, _context.DestinationFacts.MaxAllowedPacket, DuplicatesAllowed(table), _context.Throttle.Full);

    /// <summary>
    /// Begins a pass over rows of the table. Where the table has JSON columns, rows with types that JSON text does not carry are taken out of what the pass's road sees and
    /// inserted in the same transaction.
    /// </summary>
    /// <param name="table">Table.</param>
    /// <param name="rows">Rows as its SELECT gives them.</param>
    /// <param name="destination">Session with the transaction.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Writes a piece: by a road, up to so many bytes.</returns>
    public Func<Func<TextResultSet, long, Task<PieceResult>>, long, Task<PieceResult>> BeginPass(
        TableWork table, TextResultSet rows, MySqlSession destination, CancellationToken cancellationToken)
    {
        var statements = table.Statements!;
        if (statements.Typed is not { } typed)
        {
            return (write, limit) => write(rows, limit);
        }

        var insert = new InsertRoad(typed, table.Route.Destination, _tuning, _context.DestinationFacts.MaxAllowedPacket, DuplicatesAllowed(table), _context.Throttle.Full);
        var splitter = new TypedRowSplitter(rows, statements.ProbeFields);
        return (write, limit) => TypedRowRoad.WriteAsync(
            splitter,
            write,
            held => insert.WriteAsync(destination, new TypedRows(held, statements, table.Route.Source), long.MaxValue, cancellationToken),
            limit);
    }

    /// <summary>Copies a chunk with retries.</summary>
    /// <returns>False when it turned out far larger than its table was thought to be: nothing was copied, the table is to be cut.</returns>
    public async Task<bool> CopyAsync(TableWork table, ChunkRecord chunk, CopySessions sessions, CancellationToken cancellationToken)
    {
        // Only what was not cut although it could be is watched.
        bool watched = chunk.Lower is null && chunk.Upper is null && table.Statements!.Key is not null && !table.MustBeCut;
        PieceResult? result = null;
        bool first = true;
        await sessions.RunAsync(
            $"copy chunk {chunk.Number} of {table}",
            async (scope, token) =>
            {
                if (!first && await _context.Store.IsChunkDoneAsync(chunk.TableNumber, chunk.Number, token).ConfigureAwait(false))
                {
                    // The answer to the last COMMIT was lost, the COMMIT was not. What it counted is known from that attempt.
                    return;
                }

                first = false;
                result = null;
                result = await AttemptAsync(table, chunk, watched ? _tuning.UnplannedLimitBytes : long.MaxValue, r => result = r, sessions, token).ConfigureAwait(false);
                scope.ReportProgress();
            },
            cancellationToken).ConfigureAwait(false);
        var done = result ?? throw new InvalidOperationException($"Chunk {chunk.Number} of {table} was done by nobody.");
        table.Learn(done.Rows, done.Bytes);
        if (!done.AtEnd)
        {
            return false;
        }

        table.Progress.AddCopied(done.Rows, done.Bytes);
        if (done.Skipped > 0)
        {
            _context.Log.Write(LogLevel.Info, "FullCopy", $"Chunk {chunk.Number} of {table}: {done.Skipped} rows met a unique value that is there already and were left out.");
        }

        return true;
    }

    /// <summary>Notes that the destination refuses LOAD DATA LOCAL, whatever its variable said.</summary>
    public bool IsLoadRefusal(MySqlServerException e)
    {
        // ER_NOT_ALLOWED_COMMAND, ER_CLIENT_LOCAL_FILES_DISABLED
        if (e.Errno is not (1148 or 3948))
        {
            return false;
        }

        if (!_loadRefused)
        {
            _loadRefused = true;
            _context.Log.Write(LogLevel.Warning, "FullCopy", "The destination refuses LOAD DATA LOCAL: rows go by INSERT, which is slower.");
        }

        return true;
    }

    private async Task<PieceResult> AttemptAsync(
        TableWork table, ChunkRecord chunk, long limit, Action<PieceResult> beforeCommit, CopySessions sessions, CancellationToken cancellationToken)
    {
        var destination = await sessions.DestinationAsync(cancellationToken).ConfigureAwait(false);
        var source = await sessions.SourceAsync(cancellationToken).ConfigureAwait(false);
        await destination.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
        var piece = UsesInsert(table) ? null : await TryLoadAsync(table, chunk, limit, source, destination, cancellationToken).ConfigureAwait(false);
        piece ??= await InsertAsync(table, chunk, limit, source, destination, cancellationToken).ConfigureAwait(false);
        if (!piece.Value.AtEnd)
        {
            await destination.ExecuteAsync("ROLLBACK", cancellationToken).ConfigureAwait(false);
            return piece.Value;
        }

        await _context.Store.MarkChunkDoneAsync(destination, chunk with { Rows = piece.Value.Rows, Bytes = piece.Value.Bytes }, cancellationToken).ConfigureAwait(false);
        beforeCommit(piece.Value);
        await destination.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        return piece.Value;
    }

    private async Task<PieceResult?> TryLoadAsync(TableWork table, ChunkRecord chunk, long limit, MySqlSession source, MySqlSession destination, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await source.QueryAsync(table.Statements!.Select(chunk), cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                var load = new LoadRoad(table.Statements, DuplicatesAllowed(table), _context.Throttle.Full);
                return await BeginPass(table, rows, destination, cancellationToken)((r, left) => load.WriteAsync(destination, r, left, cancellationToken), limit).ConfigureAwait(false);
            }
        }
        catch (LoadNotExactException e)
        {
            _context.Log.Write(LogLevel.Warning, "FullCopy", $"Chunk {chunk.Number} of {table}: LOAD DATA was not exact ({e.Message}); it is done again by INSERT.");
        }
        catch (MySqlServerException e) when (IsLoadRefusal(e))
        {
            // Logged once, there.
        }

        await destination.ExecuteAsync("ROLLBACK", cancellationToken).ConfigureAwait(false);
        await destination.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<PieceResult> InsertAsync(TableWork table, ChunkRecord chunk, long limit, MySqlSession source, MySqlSession destination, CancellationToken cancellationToken)
    {
        var rows = await source.QueryAsync(table.Statements!.Select(chunk), cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            var insert = Insert(table);
            return await BeginPass(table, rows, destination, cancellationToken)((r, left) => insert.WriteAsync(destination, r, left, cancellationToken), limit).ConfigureAwait(false);
        }
    }
}
