using System.Threading.Channels;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Begins small tables in groups: their definitions compared in one round trip, one watermark, one transaction.</summary>
internal sealed class GroupPlanner
{
    private readonly RunContext _context;
    private readonly TablePlanner _planner;
    private readonly CopyTables _tables;
    private readonly ChunkBacklog _backlog;
    private readonly long _mostBytes;
    private readonly int _most;

    /// <summary>Creates the planner of groups.</summary>
    public GroupPlanner(RunContext context, CopyTuning tuning, TablePlanner planner, CopyTables tables, ChunkBacklog backlog)
    {
        _context = context;
        _planner = planner;
        _tables = tables;
        _backlog = backlog;

        // Many tables or few, every worker is to have some of them to the end.
        _most = Math.Min(TableGroup.Most, tables.All.Count / (4 * context.Task.Options.CopyThreads));
        _mostBytes = tuning.ChunkBytes / 4;
    }

    /// <summary>Takes further tables from the queue as long as they may share a group with the first.</summary>
    /// <param name="first">Table.</param>
    /// <param name="queue">The plans to come.</param>
    /// <returns>The tables, the first among them: alone where it does not fit.</returns>
    public IReadOnlyList<TableWork> Gather(TableWork first, ChannelReader<PlanJob> queue)
    {
        var tables = new List<TableWork> { first };
        long bytes = first.Route.Definition.EstimatedBytes;
        if (Fits(first, 0))
        {
            while (tables.Count < _most && queue.TryPeek(out var next) && next.Rest is null && Fits(next.Table, bytes) && queue.TryRead(out next))
            {
                tables.Add(next.Table);
                bytes += next.Table.Route.Definition.EstimatedBytes;
            }
        }

        return tables;
    }

    /// <summary>Begins the tables together.</summary>
    /// <returns>Those that were not begun and are to be planned alone, in their order.</returns>
    public async Task<IReadOnlyList<TableWork>> PlanAsync(IReadOnlyList<TableWork> tables, CopySessions sessions, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableWork> begun = [];
        try
        {
            begun = await BeginAsync(tables, sessions, cancellationToken).ConfigureAwait(false);
        }
        catch (DtsMigrateException e) when (!cancellationToken.IsCancellationRequested)
        {
            // Each alone meets the same, under the rules for failures, and says of which table.
            await sessions.ResetAsync().ConfigureAwait(false);
            _context.Log.Write(LogLevel.Info, "FullCopy", $"{tables.Count} small tables are begun one by one: {e.Message}");
        }

        return [.. tables.Except(begun)];
    }

    private bool Fits(TableWork table, long bytesOfOthers) =>
        _most > 1 && table.State == TableCopyState.Pending && table.Attempt == 1 && !table.MustClear && !table.IsReadAtOnce && table.HasSnapshots && !table.IsNewerThanSnapshot
        && table.CopiedBefore.Count == 0 && !PartitionLayout.IsPartitioned(table.Route.Definition) && bytesOfOthers + table.Route.Definition.EstimatedBytes <= _mostBytes;

    private async Task<IReadOnlyList<TableWork>> BeginAsync(IReadOnlyList<TableWork> tables, CopySessions sessions, CancellationToken cancellationToken)
    {
        var ready = (await _tables.PrepareAsync(tables, sessions, cancellationToken).ConfigureAwait(false)).Where(t => t.Statements is { Key: not null, IsTransactional: true }).ToList();
        if (ready.Count < 2)
        {
            return [];
        }

        // After the definitions and before the first row is read, as for a table alone.
        SourcePosition? watermark = _context.IsIncremental ? await _planner.ReadWatermarkAsync(ready, sessions, cancellationToken).ConfigureAwait(false) : null;
        var chunks = ready.Select(t => new ChunkRecord(t.Route.Number, 1, null, null, false, 0, 0, Priority: t.Priority)).ToList();
        if (!await _context.Store.TryBeginCopiesAsync(watermark, chunks, cancellationToken).ConfigureAwait(false))
        {
            return [];
        }

        // Before anybody can find them: whoever has claimed one looks here for the others.
        _ = new TableGroup(ready);
        foreach (var table in ready)
        {
            table.Watermark = watermark;
            table.State = TableCopyState.Copying;
            table.Progress.State = TableCopyState.Copying;
            _planner.Tell(table);
        }

        _backlog.Add(ready.Count);
        return ready;
    }
}
