using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.FullCopy.Snapshot;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Ends the copies of small tables together, where nothing is left to do for them but statistics: definitions compared in one round trip on each side, one ANALYZE TABLE, one transaction.</summary>
internal sealed class GroupFinish
{
    private readonly RunContext _context;
    private readonly SourcePositionReader _positions;
    private readonly TableFinisher _finisher;
    private readonly StorageIds? _ids;
    private readonly Action<TableWork> _onFinished;

    /// <summary>Creates it.</summary>
    public GroupFinish(RunContext context, SourcePositionReader positions, TableFinisher finisher, StorageIds? ids, Action<TableWork> onFinished)
    {
        _context = context;
        _positions = positions;
        _finisher = finisher;
        _ids = ids;
        _onFinished = onFinished;
    }

    /// <summary>Finishes tables whose rows are all on the destination.</summary>
    /// <returns>Those that it has not finished: each is to be finished alone.</returns>
    public async Task<IReadOnlyList<GroupPiece>> FinishAsync(IReadOnlyList<GroupPiece> copied, CopySessions sessions, CancellationToken cancellationToken)
    {
        IReadOnlyList<GroupPiece> finished = [];
        try
        {
            finished = await AttemptAsync(copied, sessions, cancellationToken).ConfigureAwait(false);
        }
        catch (DtsMigrateException e) when (!cancellationToken.IsCancellationRequested)
        {
            // Each alone meets the same, under the rules for failures, and says of which table.
            await sessions.ResetAsync().ConfigureAwait(false);
            _context.Log.Write(LogLevel.Info, "FullCopy", $"{copied.Count} small tables are finished one by one: {e.Message}");
        }

        foreach (var (table, _, chunk, _) in finished)
        {
            table.Progress.SetCopied(chunk.Rows, chunk.Bytes);
            _onFinished(table);
        }

        return [.. copied.Except(finished)];
    }

    private async Task<IReadOnlyList<GroupPiece>> AttemptAsync(IReadOnlyList<GroupPiece> copied, CopySessions sessions, CancellationToken cancellationToken)
    {
        // After the last read of the copy, and before the definitions: see TableFinish.
        var end = _context.IsIncremental
            ? await _positions.ReadWithoutLockAsync(await sessions.MetadataAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
            : null;
        var unchanged = await DefinitionGuard.FindUnchangedAsync([.. copied.Select(c => c.Table)], sessions, cancellationToken).ConfigureAwait(false);
        var complete = (await _finisher.FindCompleteAsync(unchanged, sessions, cancellationToken).ConfigureAwait(false)).ToHashSet();
        if (_ids is not null)
        {
            complete.ExceptWith(await _ids.FindReplacedAsync([.. complete], sessions, cancellationToken).ConfigureAwait(false));
        }

        List<GroupPiece> ready = [.. copied.Where(c => complete.Contains(c.Table))];
        if (ready.Count == 0)
        {
            return [];
        }

        await _finisher.AnalyzeAsync([.. ready.Select(c => c.Table.Route)], sessions, cancellationToken).ConfigureAwait(false);
        var ended = await _context.Store.EndCopiesAsync(
            end, [.. ready.Select(c => (c.Table.Route.Number, c.Attempt, c.Chunk.Rows, c.Chunk.Bytes))], cancellationToken).ConfigureAwait(false);
        List<GroupPiece> finished = [.. ready.Where((_, i) => ended[i])];
        foreach (var (table, _, _, _) in finished)
        {
            table.State = end is null ? TableCopyState.Live : TableCopyState.Copied;
        }

        return finished;
    }
}
