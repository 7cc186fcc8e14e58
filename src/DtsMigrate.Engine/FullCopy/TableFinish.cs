using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.FullCopy.Snapshot;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Ends the copy of a table whose rows are all on the destination: E(T), the definition looked at once more, the state.</summary>
internal sealed class TableFinish
{
    private readonly RunContext _context;
    private readonly SourcePositionReader _positions;
    private readonly Action<TableRoute> _onTableCopied;
    private readonly TableFinisher _finisher;
    private readonly GroupFinish _groups;
    private readonly StorageIds? _ids;

    /// <summary>Creates it.</summary>
    /// <param name="context">The run.</param>
    /// <param name="positions">Reads E(T).</param>
    /// <param name="ids">Numbers of tables from before the snapshot; null without one.</param>
    /// <param name="onTableCopied">Told when a table is finished.</param>
    public TableFinish(RunContext context, SourcePositionReader positions, StorageIds? ids, Action<TableRoute> onTableCopied)
    {
        _context = context;
        _ids = ids;
        _positions = positions;
        _onTableCopied = onTableCopied;
        _finisher = new TableFinisher(context);
        _groups = new GroupFinish(context, positions, _finisher, ids, Tell);
    }

    /// <summary>Finishes what it can of tables that were copied together.</summary>
    /// <returns>Those that are to be finished alone.</returns>
    public Task<IReadOnlyList<GroupPiece>> FinishAsync(IReadOnlyList<GroupPiece> copied, CopySessions sessions, CancellationToken cancellationToken) =>
        _groups.FinishAsync(copied, sessions, cancellationToken);

    /// <summary>Finishes a table.</summary>
    /// <param name="table">Table.</param>
    /// <param name="rows">Rows that it has got, from whoever has copied them.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="sessions">The caller's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task FinishAsync(TableWork table, long rows, long bytes, CopySessions sessions, CancellationToken cancellationToken)
    {
        await sessions.RunAsync($"finish the copy of {table}", (_, token) => AttemptAsync(table, rows, bytes, sessions, token), cancellationToken).ConfigureAwait(false);
        Tell(table);
    }

    private void Tell(TableWork table)
    {
        table.Progress.State = table.State;
        _context.Log.Write(LogLevel.Info, "FullCopy", $"Copy of {table} is done: {table.Progress.Rows} rows, {table.Progress.Bytes} bytes.");
        _onTableCopied(table.Route);
    }

    private async Task AttemptAsync(TableWork table, long rows, long bytes, CopySessions sessions, CancellationToken cancellationToken)
    {
        // After the last read of the copy: no lock, for what those reads saw is in the binary log already. A table without a key was read as of W(T) itself.
        var end = !_context.IsIncremental ? null
            : table.IsReadAtOnce ? table.Watermark
            : await _positions.ReadWithoutLockAsync(await sessions.MetadataAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        int attempt = table.Attempt;
        string sql = await DefinitionGuard.CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        if (_ids is not null && (await _ids.FindReplacedAsync([table], sessions, cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            throw new TableChangedException(table, attempt, "was truncated, or a partition of it exchanged,");
        }

        if (await _finisher.FinishAsync(table.Route, sql, isFirstAttempt: table.Attempt == 1, sessions, cancellationToken).ConfigureAwait(false))
        {
            // Building indexes takes its time, and a statement on the table may have come meanwhile.
            await DefinitionGuard.CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        }

        await _context.Store.EndCopyAsync(table.Route.Number, end, rows, bytes, cancellationToken).ConfigureAwait(false);
        table.Progress.SetCopied(rows, bytes);
        table.State = end is null ? TableCopyState.Live : TableCopyState.Copied;
    }
}
