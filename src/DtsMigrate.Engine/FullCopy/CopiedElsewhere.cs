using DtsMigrate.Engine.Run;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Counts what workers of other processes have copied into the status, while the copy goes on: the counters of this process know only its own chunks.</summary>
internal sealed class CopiedElsewhere(RunContext context)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Runs the copy.</summary>
    public Task RunAsync(Func<CancellationToken, Task> copy, CancellationToken cancellationToken) => Companion.RunAsync(copy, CountAsync, cancellationToken);

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Period, context.Time, cancellationToken).ConfigureAwait(false);
            IReadOnlyDictionary<int, (long Rows, long Bytes)> copied = new Dictionary<int, (long, long)>();
            await context.Retry.RunAsync(
                "count what is copied", async (_, token) => copied = await context.Store.Chunks.ReadCopiedAsync(token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            foreach (var (number, (rows, bytes)) in copied)
            {
                // Never less than this process knows of: a chunk that is counted here may have come too late for the query. A chunk counted twice is put right by the next count.
                if (context.Metrics.Tables.TryGetValue(number, out var table) && rows > table.Rows)
                {
                    table.SetCopied(rows, bytes);
                }
            }
        }
    }
}
