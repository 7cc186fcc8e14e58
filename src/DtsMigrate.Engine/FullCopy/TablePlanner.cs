using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Begins a table (definition, watermark, state) and cuts it into chunks, ahead of the workers. Every chunk is in the checkpoint before anybody copies it,
/// so that a resume knows all bounds.
/// </summary>
internal sealed class TablePlanner : IDisposable
{
    private const int GroupLockSeconds = 2;

    /// <summary>As long as reading the rows would wait: the server's default.</summary>
    private const int LongestLockSeconds = 31_536_000;

    /// <summary>Longest wait for the size of a row, once a table has a first chunk for each worker: those are small, and planning is quicker than copying.</summary>
    private static readonly TimeSpan RowSizeWait = TimeSpan.FromSeconds(2);

    private readonly RunContext _context;
    private readonly SourcePositionReader _positions;
    private readonly CopyTuning _tuning;
    private readonly CopyTables _tables;
    private readonly TableRestarter _restarter;
    private readonly ChunkBacklog _backlog;
    private readonly Func<TableWork, bool> _isScan;
    private readonly SemaphoreSlim _lockOnce = new(1, 1);
    private SourcePosition? _locked;

    /// <summary>Creates a planner.</summary>
    public TablePlanner(RunContext context, SourcePositionReader positions, CopyTuning tuning, CopyTables tables, TableRestarter restarter, ChunkBacklog backlog, Func<TableWork, bool> isScan)
    {
        _context = context;
        _positions = positions;
        _tuning = tuning;
        _tables = tables;
        _restarter = restarter;
        _backlog = backlog;
        _isScan = isScan;
    }

    /// <inheritdoc/>
    public void Dispose() => _lockOnce.Dispose();

    /// <summary>Plans a table from where its checkpoint is. A table that is read in one go is only prepared.</summary>
    /// <returns>True when it was planned as one chunk just now, so that whoever copies that chunk finishes it.</returns>
    public async Task<bool> PlanAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        bool fresh = table.State == TableCopyState.Pending;
        if (table.MustClear)
        {
            await sessions.RunAsync($"clear {table.Route.Destination}", (_, token) => _restarter.ClearAsync(table, sessions, token), cancellationToken).ConfigureAwait(false);
        }

        bool planned = false;
        await sessions.RunAsync($"begin the copy of {table}", async (_, token) => planned = await BeginAsync(table, sessions, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        table.MustClear = false;
        table.Progress.State = TableCopyState.Copying;
        if (fresh)
        {
            Tell(table);
        }

        if (planned)
        {
            _backlog.Add(1);
        }
        else if (!_isScan(table))
        {
            await CutAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        }

        return planned;
    }

    /// <summary>Logs that the copy of a table begins.</summary>
    public void Tell(TableWork table) =>
        _context.Log.Write(LogLevel.Info, "FullCopy", $"Copy of {table} to {table.Route.Destination} begins, about {table.Route.Definition.EstimatedRows} rows.");

    /// <summary>Prepares the table and records its beginning.</summary>
    /// <returns>True when its plan is complete with that: it is one chunk.</returns>
    private async Task<bool> BeginAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        await _tables.GetAsync(table.Route.Number, sessions, cancellationToken).ConfigureAwait(false);
        if (table.State != TableCopyState.Pending || _isScan(table))
        {
            return false;
        }

        if (table.IsReadAtOnce)
        {
            await TableEmptier.RequireEmptyAsync(table.Route.Destination, await sessions.DestinationAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }

        // Before the first chunk is read: everything up to W(T) is visible to every read of the copy.
        table.Watermark = _context.IsIncremental ? await ReadWatermarkAsync([table], sessions, cancellationToken).ConfigureAwait(false) : null;
        bool whole = IsWhole(table);
        await (whole
            ? _context.Store.BeginCopyAsync(table.Watermark, new ChunkRecord(table.Route.Number, 1, null, null, false, 0, 0, Priority: table.Priority), cancellationToken)
            : _context.Store.BeginCopyAsync(table.Route.Number, table.Watermark, cancellationToken)).ConfigureAwait(false);
        table.State = TableCopyState.Copying;
        return whole;
    }

    // What looks smaller than a chunk is not cut; should it be larger, whoever copies it ends the chunk and the rest is cut.
    private bool IsWhole(TableWork table) => table.Statements!.Key is null || table.Route.Definition.EstimatedBytes < _tuning.ChunkBytes;

    /// <summary>
    /// With GTID one for the tables given, read while their definitions stand: an open transaction that has touched a table keeps statements that would change it waiting (reference manual, "Metadata
    /// Locking"), so that what is tracked is what the table is at its watermark, even if it is altered before and altered back after. Without GTID one for all tables of this run, read before any row is:
    /// it takes a lock that our own long reads would keep away later, and an earlier watermark is as right as a later one. But a table that begins again needs one after the statement that has changed it.
    /// </summary>
    /// <param name="tables">Tables that begin together.</param>
    /// <param name="sessions">The caller's; to be thrown away when this fails.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TableChangedException">A definition is another one.</exception>
    public async Task<SourcePosition> ReadWatermarkAsync(IReadOnlyList<TableWork> tables, CopySessions sessions, CancellationToken cancellationToken)
    {
        var session = await sessions.MetadataAsync(cancellationToken).ConfigureAwait(false);
        if (_context.SourceFacts.HasGtid)
        {
            // Whoever holds several tables must not wait long for one of them: others may wait for those.
            int seconds = tables.Count > 1 ? GroupLockSeconds : LongestLockSeconds;
            var holds = tables.Select(t => $"SELECT 1 FROM {t.Route.Source.ToSql()} LIMIT 0");
            string sql = string.Create(CultureInfo.InvariantCulture, $"SET SESSION lock_wait_timeout={seconds};START TRANSACTION READ ONLY;{string.Join(';', holds)}");
            await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes(sql), cancellationToken).ConfigureAwait(false);
            await LookAgainAsync().ConfigureAwait(false);
            var position = await _positions.ReadAsync(session, cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
            return position;
        }

        if (tables.Any(t => t.Attempt > 1))
        {
            return await _positions.ReadAsync(session, LookAgainAsync, cancellationToken).ConfigureAwait(false);
        }

        await _lockOnce.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _locked ??= await _positions.ReadAsync(session, LookAgainAsync, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _lockOnce.Release();
        }

        async Task LookAgainAsync()
        {
            foreach (var table in tables.Count == 1 ? tables : tables.Except((await DefinitionGuard.FindUnchangedAsync(tables, sessions, cancellationToken).ConfigureAwait(false)).Select(u => u.Table)))
            {
                await DefinitionGuard.CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
            }

            await _tuning.BeforeWatermark().ConfigureAwait(false);
        }
    }

    private async Task CutAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        int attempt = table.Attempt;
        IReadOnlyList<ChunkRecord> known = [];
        await sessions.RunAsync(
            $"read the chunks of {table}",
            async (_, token) => known = await _context.Store.Chunks.ReadAsync(table.Route.Number, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        foreach (var chunk in known.Where(c => c.Done))
        {
            table.Learn(chunk.Rows, chunk.Bytes);
        }

        _backlog.Add(known.Count(c => !c.Done));
        var cutter = new RangeCutter(table.Route, table.Statements!, known, whole: false, charge: _context.Throttle.QueryAsync);
        bool complete = false;
        int planned = 0;
        while (await NextAsync(table, attempt, cutter, sessions, cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            complete = cutter.IsComplete;
            if (!await RecordAsync(table, attempt, [chunk with { Priority = table.Priority }], complete, sessions, cancellationToken).ConfigureAwait(false))
            {
                // A worker has found the definition changed and begun the table again; it is planned anew from there.
                return;
            }

            _backlog.Add(1);
            if (++planned == _context.Task.Options.CopyThreads && !complete)
            {
                await table.WaitForRowSizeAsync(RowSizeWait, _context.Time, cancellationToken).ConfigureAwait(false);
            }

            await _backlog.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!complete)
        {
            // Where there are scopes, the last range is known as the last only when there is none after it. A resume may find nothing to add at all.
            await RecordAsync(table, attempt, [], true, sessions, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ChunkRecord?> NextAsync(TableWork table, int attempt, RangeCutter cutter, CopySessions sessions, CancellationToken cancellationToken)
    {
        ChunkRecord? next = null;
        await sessions.RunAsync(
            $"plan chunks of {table}",
            async (_, token) =>
            {
                var session = await sessions.SourceAsync(token).ConfigureAwait(false);
                try
                {
                    next = await cutter.NextAsync(table.NextChunkRows(_tuning), session, token).ConfigureAwait(false);
                }
                catch (DtsMigrateException e) when (e.Code == "TableDefinitionChanged")
                {
                    throw new TableChangedException(table, attempt, "got other partitions", e);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return next;
    }

    private async Task<bool> RecordAsync(TableWork table, int attempt, IReadOnlyList<ChunkRecord> chunks, bool complete, CopySessions sessions, CancellationToken cancellationToken)
    {
        bool current = false;
        await sessions.RunAsync(
            $"record chunks of {table}",
            async (_, token) => current = await _context.Store.Chunks.AddAsync(table.Route.Number, attempt, chunks, complete, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return current;
    }
}
