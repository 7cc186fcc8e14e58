using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Copies chunks: one SELECT on the source, one transaction on the destination that claims the chunk, takes its rows and marks it done. A chunk that turns out far larger than
/// planned is ended between two rows, and the rest becomes a chunk of its own.
/// </summary>
internal sealed class ChunkCopier
{
    private readonly RunContext _context;
    private readonly CopyTuning _tuning;
    private readonly ChunkClaims _claims;
    private readonly GroupCopier _groups;
    private readonly TableOccupancy _occupancy = new();
    private volatile bool _loadRefused;

    /// <summary>Creates the copier that all workers share.</summary>
    public ChunkCopier(RunContext context, CopyTuning tuning)
    {
        _context = context;
        _tuning = tuning;
        _claims = new ChunkClaims(context.Store, context.DestinationFacts.Version);
        _groups = new GroupCopier(context, tuning, this, _claims);
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
        _context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed || (_context.IsIncremental && !table.IsReadAtOnce && table.Route.Definition.HasSecondaryUnique);

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

    /// <summary>Takes the next chunk that nobody is at, of a table that the fewest workers are at, and copies it, with retries.</summary>
    /// <param name="tables">The tables of chunks.</param>
    /// <param name="sessions">The worker's.</param>
    /// <param name="onTaken">Told whose chunk it is, before it is copied.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null when there is none.</returns>
    public async Task<ChunkOutcome?> CopyNextAsync(ICopyTables tables, CopySessions sessions, Action<TableWork> onTaken, CancellationToken cancellationToken)
    {
        // Before the claim: a chunk that is held must not wait for the servers' load.
        using var slot = await _context.Governor.EnterChunkAsync(cancellationToken).ConfigureAwait(false);
        ChunkRecord? chunk = null;
        TableWork? table = null;
        bool held = false;
        await sessions.RunAsync(
            "take a chunk",
            async (_, token) =>
            {
                var destination = await sessions.DestinationAsync(token).ConfigureAwait(false);
                await destination.ExecuteAsync("START TRANSACTION", token).ConfigureAwait(false);
                chunk = await TakeAsync(destination, token).ConfigureAwait(false);
                held = chunk is not null;
                if (chunk is null)
                {
                    await destination.ExecuteAsync("ROLLBACK", token).ConfigureAwait(false);
                    return;
                }

                table = await tables.GetAsync(chunk.TableNumber, sessions, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        if (chunk is null)
        {
            return null;
        }

        if (table!.Group is { } group)
        {
            if (await _groups.TryCopyAsync(group, chunk, sessions, cancellationToken).ConfigureAwait(false) is { } done)
            {
                return new ChunkOutcome(table, null, done);
            }

            held = false;
        }

        onTaken(table!);
        using var stay = _occupancy.Enter(chunk.TableNumber);
        return await CopyAsync(table!, chunk, held, sessions, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ChunkRecord?> TakeAsync(MySqlSession destination, CancellationToken cancellationToken)
    {
        foreach (var without in _occupancy.Tries())
        {
            if (await _claims.TakeAsync(destination, without, cancellationToken).ConfigureAwait(false) is { } chunk)
            {
                return chunk;
            }
        }

        return null;
    }

    private async Task<ChunkOutcome> CopyAsync(TableWork table, ChunkRecord chunk, bool held, CopySessions sessions, CancellationToken cancellationToken)
    {
        PieceResult? result = null;
        int? rest = null;
        await sessions.RunAsync(
            $"copy chunk {chunk.Number} of {table}",
            async (scope, token) =>
            {
                var destination = await sessions.DestinationAsync(token).ConfigureAwait(false);
                if (!held && !await BeginAgainAsync(chunk, destination, token).ConfigureAwait(false))
                {
                    return;
                }

                held = false;
                result = null;
                rest = null;
                await sessions.ReadTableAsync(
                    table, () => AttemptAsync(table, chunk, destination, sessions, (piece, number) => (result, rest) = (piece, number), token)).ConfigureAwait(false);
                scope.ReportProgress();
            },
            cancellationToken).ConfigureAwait(false);
        if (result is { } done)
        {
            Count(table, chunk, done);
        }

        return new ChunkOutcome(table, rest);
    }

    /// <summary>Counts a chunk that has been committed.</summary>
    public void Count(TableWork table, ChunkRecord chunk, PieceResult done)
    {
        table.Learn(done.Rows, done.Bytes);
        table.Progress.AddCopied(done.Rows, done.Bytes);
        if (done.Skipped > 0)
        {
            _context.Log.Write(LogLevel.Info, "FullCopy", $"Chunk {chunk.Number} of {table}: {done.Skipped} rows met a unique value that is there already and were left out.");
        }
    }

    /// <summary>Begins a transaction that holds the chunk once more.</summary>
    /// <returns>False, and there is no transaction, when it is done after all, by a COMMIT whose answer was lost or by another worker. What an attempt of ours counted stands.</returns>
    private async Task<bool> BeginAgainAsync(ChunkRecord chunk, MySqlSession destination, CancellationToken cancellationToken)
    {
        await destination.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
        bool taken = await _claims.TakeAgainAsync(destination, chunk, cancellationToken).ConfigureAwait(false);
        if (!taken)
        {
            await destination.ExecuteAsync("ROLLBACK", cancellationToken).ConfigureAwait(false);
        }

        return taken;
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

    /// <summary>One transaction, already begun and holding the chunk's row: the chunk's rows, its mark, COMMIT.</summary>
    private async Task AttemptAsync(
        TableWork table, ChunkRecord chunk, MySqlSession destination, CopySessions sessions, Action<PieceResult, int?> beforeCommit, CancellationToken cancellationToken)
    {
        // Where rows cannot be rolled back, they do not go into the transaction that holds the chunk: servers with GTID refuse to mix engines in one.
        bool together = table.Statements!.IsTransactional;
        var writer = together ? destination : await sessions.DestinationWriterAsync(cancellationToken).ConfigureAwait(false);
        bool loads = !UsesInsert(table);
        var written = loads ? await TryLoadAsync(table, chunk, writer, sessions, _tuning.CutBytes, cancellationToken).ConfigureAwait(false) : null;
        if (loads && written is null && together)
        {
            // Rare enough that a savepoint for every chunk would cost more. Between the two transactions somebody else may have taken the chunk.
            await destination.ExecuteAsync("ROLLBACK", cancellationToken).ConfigureAwait(false);
            if (!await BeginAgainAsync(chunk, destination, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        written ??= await InsertAsync(table, chunk, writer, sessions, cancellationToken).ConfigureAwait(false);
        await sessions.ReleaseSourceAsync(cancellationToken).ConfigureAwait(false);
        var (piece, end) = written.Value;
        int? rest = await _claims.FinishAsync(destination, chunk with { Rows = piece.Rows, Bytes = piece.Bytes }, end, cancellationToken).ConfigureAwait(false);
        beforeCommit(piece, rest);
        await destination.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Loads a chunk's rows in the caller's transaction; the caller then gives the source's locks back.</summary>
    /// <param name="table">Table.</param>
    /// <param name="chunk">Chunk.</param>
    /// <param name="destination">The session with the transaction.</param>
    /// <param name="sessions">The worker's.</param>
    /// <param name="limit">Bytes after which it is ended early, where that is possible.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What was written, and the key of the last row where it was ended early; null when LOAD DATA will not do: roll back.</returns>
    public async Task<(PieceResult Piece, IReadOnlyList<string>? End)?> TryLoadAsync(
        TableWork table, ChunkRecord chunk, MySqlSession destination, CopySessions sessions, long limit, CancellationToken cancellationToken)
    {
        try
        {
            var load = new LoadRoad(table.Statements!, DuplicatesAllowed(table), _context.Throttle.Full);
            return await ReadAsync(table, chunk, destination, (rows, left) => load.WriteAsync(destination, rows, left, cancellationToken), sessions, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (LoadNotExactException e)
        {
            _context.Log.Write(LogLevel.Warning, "FullCopy", $"Chunk {chunk.Number} of {table}: LOAD DATA was not exact ({e.Message}); it is done again by INSERT.");
        }
        catch (MySqlServerException e) when (IsLoadRefusal(e))
        {
            // Logged once, there.
        }

        return null;
    }

    private Task<(PieceResult Piece, IReadOnlyList<string>? End)> InsertAsync(
        TableWork table, ChunkRecord chunk, MySqlSession destination, CopySessions sessions, CancellationToken cancellationToken)
    {
        var insert = Insert(table);
        return ReadAsync(table, chunk, destination, (rows, left) => insert.WriteAsync(destination, rows, left, cancellationToken), sessions, _tuning.CutBytes, cancellationToken);
    }

    /// <summary>Reads the chunk's range and writes it; ends it early where it is far larger than it was meant to be.</summary>
    /// <returns>What was written, and the key of the last row where it was ended early.</returns>
    private async Task<(PieceResult Piece, IReadOnlyList<string>? End)> ReadAsync(
        TableWork table,
        ChunkRecord chunk,
        MySqlSession destination,
        Func<TextResultSet, long, Task<PieceResult>> road,
        CopySessions sessions,
        long limit,
        CancellationToken cancellationToken)
    {
        var statements = table.Statements!;
        var source = await sessions.SourceAsync(cancellationToken).ConfigureAwait(false);
        var rows = await source.QueryAsync(statements.Select(chunk), cancellationToken).ConfigureAwait(false);
        PieceResult piece;
        IReadOnlyList<string>? end;
        await using (rows.ConfigureAwait(false))
        {
            // Disposed early, the rest of the range is killed, not read.
            piece = await BeginPass(table, rows, destination, cancellationToken)(road, statements.CanEndAt(chunk) ? limit : long.MaxValue).ConfigureAwait(false);
            end = piece.AtEnd ? null : statements.KeyOf(rows.CurrentRow);
        }

        return (piece, end);
    }
}
