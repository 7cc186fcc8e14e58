using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Cuts what was left of a chunk that had been ended early, so that idle workers share it. While it looks for the cuts it holds the chunk, in steps that are short.</summary>
internal sealed class ChunkSplitter
{
    /// <summary>Parts made in one transaction.</summary>
    private const int PartsPerStep = 16;

    private readonly RunContext _context;
    private readonly CopyTuning _tuning;
    private readonly ChunkBacklog _backlog;
    private readonly ChunkClaims _claims;

    /// <summary>Creates a splitter.</summary>
    public ChunkSplitter(RunContext context, CopyTuning tuning, ChunkBacklog backlog)
    {
        _context = context;
        _tuning = tuning;
        _backlog = backlog;
        _claims = new ChunkClaims(context.Store, context.DestinationFacts.Version);
    }

    /// <summary>Splits until a part of the usual size is left, or a worker has taken it.</summary>
    public async Task SplitAsync(TableWork table, int number, CopySessions sessions, CancellationToken cancellationToken)
    {
        int parts;
        do
        {
            parts = 0;
            await sessions.RunAsync(
                $"split chunk {number} of {table}",
                async (_, token) => parts = await StepAsync(table, number, sessions, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            _backlog.Add(parts);
        }
        while (parts == PartsPerStep);
    }

    private async Task<int> StepAsync(TableWork table, int number, CopySessions sessions, CancellationToken cancellationToken)
    {
        var destination = await sessions.DestinationAsync(cancellationToken).ConfigureAwait(false);
        await destination.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
        var bounds = new List<IReadOnlyList<string>>();
        if (await _claims.TryTakeAsync(destination, table.Route.Number, number, cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            await FindAsync(table, chunk, bounds, sessions, cancellationToken).ConfigureAwait(false);
            await _claims.SplitAsync(destination, chunk, bounds, cancellationToken).ConfigureAwait(false);
        }

        await destination.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        await _claims.ReleaseAsync(destination, cancellationToken).ConfigureAwait(false);
        return bounds.Count;
    }

    private async Task FindAsync(TableWork table, ChunkRecord chunk, List<IReadOnlyList<string>> bounds, CopySessions sessions, CancellationToken cancellationToken)
    {
        var source = await sessions.SourceAsync(cancellationToken).ConfigureAwait(false);
        var statements = table.Statements!;
        while (bounds.Count < PartsPerStep)
        {
            var rows = await source.QueryRowsAsync(statements.SelectBound(chunk, table.NextChunkRows(_tuning)), cancellationToken).ConfigureAwait(false);
            if (rows.Count == 0)
            {
                return;
            }

            bounds.Add(statements.Key!.ToLiterals(rows[0]));
            chunk = chunk with { Lower = bounds[^1] };
        }
    }
}
