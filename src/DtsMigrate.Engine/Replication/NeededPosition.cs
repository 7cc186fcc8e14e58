using DtsMigrate.Engine.Checkpoint;

namespace DtsMigrate.Engine.Replication;

/// <summary>The earliest position that the stream of a task may still go back to: where it is, or the watermark of a table that is being copied.</summary>
internal static class NeededPosition
{
    /// <summary>Reads it.</summary>
    /// <param name="context">The run.</param>
    /// <param name="applied">Where the stream is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<SourcePosition> ReadAsync(RunContext context, SourcePosition applied, CancellationToken cancellationToken)
    {
        var tables = await context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false);
        return tables.Where(static t => t.State is TableCopyState.Copying or TableCopyState.Copied).Select(static t => t.Watermark).OfType<SourcePosition>()
            .Aggregate(applied, PositionMath.Earlier);
    }
}
