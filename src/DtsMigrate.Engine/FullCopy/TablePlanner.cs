using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Begins a table (definition, watermark, state) and cuts it into chunks, ahead of the workers. Every chunk is in the checkpoint before anybody copies it,
/// so that a resume knows all bounds.
/// </summary>
internal sealed class TablePlanner : IDisposable
{
    private readonly RunContext _context;
    private readonly SourcePositionReader _positions;
    private readonly CopyTuning _tuning;
    private readonly Func<CopyJob, CancellationToken, ValueTask> _emit;
    private readonly SemaphoreSlim _lockOnce = new(1, 1);
    private SourcePosition? _locked;

    /// <summary>Creates a planner.</summary>
    /// <param name="context">The run.</param>
    /// <param name="positions">Reads watermarks.</param>
    /// <param name="tuning">Sizes.</param>
    /// <param name="emit">Takes a job; waits while the workers have enough.</param>
    public TablePlanner(RunContext context, SourcePositionReader positions, CopyTuning tuning, Func<CopyJob, CancellationToken, ValueTask> emit)
    {
        _context = context;
        _positions = positions;
        _tuning = tuning;
        _emit = emit;
    }

    /// <inheritdoc/>
    public void Dispose() => _lockOnce.Dispose();

    /// <summary>Plans a table from where its checkpoint is. The caller holds it.</summary>
    public async Task PlanAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        bool fresh = table.State == TableCopyState.Pending;
        await sessions.RunAsync($"begin the copy of {table}", (_, token) => BeginAsync(table, sessions, token), cancellationToken).ConfigureAwait(false);
        table.Progress.State = TableCopyState.Copying;
        if (fresh)
        {
            _context.Log.Write(LogLevel.Info, "FullCopy", $"Copy of {table} to {table.Route.Destination} begins, about {table.Route.Definition.EstimatedRows} rows.");
        }

        if (table.IsKeyless)
        {
            await EmitAsync(table, null, cancellationToken).ConfigureAwait(false);
            return;
        }

        await CutAsync(table, sessions, cancellationToken).ConfigureAwait(false);
    }

    private async Task BeginAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        await DefinitionGuard.CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        var there = await SchemaReader.ReadTableAsync(await sessions.DestinationMetadataAsync(cancellationToken).ConfigureAwait(false), table.Route.Destination, cancellationToken).ConfigureAwait(false)
            ?? throw new DtsMigrateException("DestinationTableMissing", $"Table {table.Route.Destination} does not exist on the destination.")
            {
                Target = table.Route.Destination.ToString(),
                RecommendedAction = "Create it, or include Schema in migrationTypes.",
            };
        table.Statements = CopyStatements.Create(table.Route, there, _context.SourceFacts.Version, _context.DestinationFacts.Version);
        if (table.State == TableCopyState.Pending && !table.IsKeyless)
        {
            // Before the first chunk is read: everything up to W(T) is visible to every read of the copy.
            table.Watermark = _context.IsIncremental ? await ReadWatermarkAsync(sessions, cancellationToken).ConfigureAwait(false) : null;
            await _context.Store.BeginCopyAsync(table.Route.Number, table.Watermark, cancellationToken).ConfigureAwait(false);
            table.State = TableCopyState.Copying;
        }
    }

    /// <summary>
    /// With GTID one per table. Without, one for all tables of this run, read before any row is: it takes a lock that our own long reads would keep away
    /// later, and an earlier watermark is as right as a later one.
    /// </summary>
    private async Task<SourcePosition> ReadWatermarkAsync(CopySessions sessions, CancellationToken cancellationToken)
    {
        var session = await sessions.MetadataAsync(cancellationToken).ConfigureAwait(false);
        if (_context.SourceFacts.HasGtid)
        {
            return await _positions.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        }

        await _lockOnce.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _locked ??= await _positions.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _lockOnce.Release();
        }
    }

    private async Task CutAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        IReadOnlyList<ChunkRecord> known = [];
        await sessions.RunAsync(
            $"read the chunks of {table}",
            async (_, token) => known = await _context.Store.ReadChunksAsync(table.Route.Number, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        foreach (var chunk in known)
        {
            if (chunk.Done)
            {
                table.Learn(chunk.Rows, chunk.Bytes);
            }
            else
            {
                await EmitAsync(table, chunk, cancellationToken).ConfigureAwait(false);
            }
        }

        var cutter = new RangeCutter(table.Route, table.Statements!, known, !table.MustBeCut && table.Route.Definition.EstimatedBytes < _tuning.ChunkBytes);
        if (cutter.IsComplete)
        {
            await RecordAsync(table, [], true, sessions, cancellationToken).ConfigureAwait(false);
        }

        while (await NextAsync(table, cutter, sessions, cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            await RecordAsync(table, [chunk], cutter.IsComplete, sessions, cancellationToken).ConfigureAwait(false);
            await EmitAsync(table, chunk, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ChunkRecord?> NextAsync(TableWork table, RangeCutter cutter, CopySessions sessions, CancellationToken cancellationToken)
    {
        ChunkRecord? next = null;
        await sessions.RunAsync(
            $"plan chunks of {table}",
            async (_, token) =>
            {
                var source = await sessions.SourceAsync(token).ConfigureAwait(false);
                next = await cutter.NextAsync(table.NextChunkRows(_tuning), source, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return next;
    }

    private Task RecordAsync(TableWork table, IReadOnlyList<ChunkRecord> chunks, bool complete, CopySessions sessions, CancellationToken cancellationToken) =>
        sessions.RunAsync(
            $"record chunks of {table}",
            (_, token) => _context.Store.AddChunksAsync(table.Route.Number, chunks, complete, token),
            cancellationToken);

    private ValueTask EmitAsync(TableWork table, ChunkRecord? chunk, CancellationToken cancellationToken)
    {
        table.Hold();
        return _emit(new CopyJob(table, chunk), cancellationToken);
    }
}
