using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.FullCopy.Snapshot;

/// <summary>
/// Decides what of an earlier run may stay when a new snapshot has been opened: all of it, chunk by chunk, when the source has not changed since the snapshot before; else nothing, for the tables
/// of the destination would be of two points in time.
/// </summary>
internal static class SnapshotAdoption
{
    /// <summary>Takes tables back that must be copied again, then records the snapshot. May be repeated after a crash at any point.</summary>
    public static async Task AdoptAsync(RunContext context, IReadOnlyList<TableRoute> routes, SourceSnapshot snapshot, CancellationToken cancellationToken)
    {
        string now = snapshot.Position?.ToString() ?? string.Empty;
        string? before = await context.Store.ReadSnapshotAsync(cancellationToken).ConfigureAwait(false);
        var begun = (await context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false)).Where(t => t.State is not (TableCopyState.Pending or TableCopyState.Stopped)).ToArray();
        bool same = now.Length > 0 && before == now;
        if (begun.Length > 0 && !same)
        {
            if (context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
            {
                context.Log.Write(LogLevel.Warning, "FullCopy", $"The source may have changed since {begun.Length} tables were begun. Existing rows are kept, so the tables of the destination will be of more than one point in time.");
            }
            else
            {
                context.Log.Write(
                    LogLevel.Warning, "FullCopy", $"The source {(now.Length == 0 ? "may have changed" : "has changed")} since the snapshot that {begun.Length} tables were copied from. They are copied again, so that all are of one point in time.");
                var definitions = routes.ToDictionary(r => r.Number, r => r.Definition);
                foreach (var table in begun)
                {
                    await context.Store.RestartCopyAsync(table.Number, table.Attempt + 1, definitions[table.Number], cancellationToken).ConfigureAwait(false);
                }
            }
        }

        await context.Store.WriteSnapshotAsync(now, cancellationToken).ConfigureAwait(false);
        context.Metrics.Position = snapshot.Position;
    }
}
