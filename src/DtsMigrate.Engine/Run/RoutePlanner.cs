using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Run;

/// <summary>Decides once which tables a task migrates, records them on the destination, and finds them again on resume.</summary>
internal sealed class RoutePlanner
{
    private readonly RunContext _context;
    private readonly ObjectSelection _selection;
    private readonly SourcePositionReader _positions;

    public RoutePlanner(RunContext context, ObjectSelection selection, SourcePositionReader positions)
    {
        _context = context;
        _selection = selection;
        _positions = positions;
    }

    /// <summary>The task's tables and its furthest finished step.</summary>
    public async Task<(IReadOnlyList<TableRoute> Routes, string Phase)> PlanAsync(CancellationToken stop)
    {
        IReadOnlyList<TableRoute> routes = [];
        string phase = string.Empty;
        await _context.Retry.RunAsync("read the definitions", async (_, token) =>
        {
            phase = await _context.Store.ReadPhaseAsync(token).ConfigureAwait(false);
            MySqlSession source = await _context.Source.OpenAsync(SessionPurpose.Metadata, token).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                bool planned = RunPhase.IsAtLeast(phase, RunPhase.Planned);
                routes = planned ? await FindAgainAsync(source, token).ConfigureAwait(false) : await PlanAnewAsync(source, token).ConfigureAwait(false);
                phase = planned ? phase : RunPhase.Planned;
            }
        }, stop).ConfigureAwait(false);
        return (routes, phase);
    }

    /// <summary>For tasks without full data migration: every table counts as copied at the position of now.</summary>
    public async Task StartWithoutCopyAsync(IReadOnlyList<TableRoute> routes, Action<TableRoute> onTableCopied, CancellationToken stop)
    {
        foreach (TableRoute route in routes)
        {
            await _context.Retry.RunAsync($"take the position of {route.Source}", (_, token) => StartAsync(route, token), stop).ConfigureAwait(false);
            onTableCopied(route);
        }
    }

    private async Task StartAsync(TableRoute route, CancellationToken token)
    {
        // The plan's position, not a later one: what was written between plan and start belongs to the stream.
        AppliedRecord applied = await _context.Store.ReadAppliedAsync(token).ConfigureAwait(false)
            ?? throw new DtsMigrateException("CheckpointInvalid", "The destination has no stream position for a planned incremental task.");
        IReadOnlyList<TableCopyRecord> records = await _context.Store.ReadTablesAsync(token).ConfigureAwait(false);
        TableCopyRecord record = records.Single(r => r.Number == route.Number);
        if (record.State is TableCopyState.Pending or TableCopyState.Copying)
        {
            await _context.Store.BeginCopyAsync(route.Number, applied.High, token).ConfigureAwait(false);
            await _context.Store.EndCopyAsync(route.Number, applied.High, 0, 0, token).ConfigureAwait(false);
        }

        _context.Metrics.Tables[route.Number].State = TableCopyState.Copied;
    }

    private async Task<IReadOnlyList<TableRoute>> PlanAnewAsync(MySqlSession source, CancellationToken token)
    {
        // Read before the definitions: a table created after they are read has its CREATE after this position, and the stream will meet it.
        SourcePosition? start = _context.IsIncremental ? await _positions.ReadAsync(source, token).ConfigureAwait(false) : null;
        IReadOnlyList<TableDefinition> tables = await SchemaReader.ReadSelectedAsync(source, _context.Task, _selection, token).ConfigureAwait(false);
        List<TableRoute> routes = [.. tables.Select((t, i) => new TableRoute(i + 1, t, _selection.Map(t.Name)))];
        await _context.Store.AddTablesAsync(routes, token).ConfigureAwait(false);
        if (start is not null)
        {
            await _context.Store.BeginPassAsync(new AppliedRecord(start, start, 0), [], token).ConfigureAwait(false);
        }

        await _context.Store.WritePhaseAsync(RunPhase.Planned, token).ConfigureAwait(false);
        foreach (TableRoute route in routes)
        {
            Track(route);
        }

        _context.Log.Write(LogLevel.Info, "Starting", $"Planned {routes.Count} tables{(start is null ? string.Empty : $"; the stream starts after {start}")}.");
        return routes;
    }

    private async Task<IReadOnlyList<TableRoute>> FindAgainAsync(MySqlSession source, CancellationToken token)
    {
        IReadOnlyList<TableRoute> routes = await ReadRoutesAsync(source, token).ConfigureAwait(false);
        foreach (TableCopyRecord record in await _context.Store.ReadTablesAsync(token).ConfigureAwait(false))
        {
            if (routes.FirstOrDefault(r => r.Number == record.Number) is { } route)
            {
                TableProgress progress = Track(route);
                progress.ResetCopied();
                progress.AddCopied(record.RowsCopied, record.BytesCopied);
                progress.State = record.State;
            }
            else if (record.State == TableCopyState.Stopped)
            {
                TableProgress stopped = _context.Metrics.Tables.GetOrAdd(record.Number, _ => new TableProgress(record.Source, record.Destination, 0));
                stopped.State = record.State;
                stopped.StopReason = record.StopReason;
                stopped.AddLeftOut(record.ChangesLeftOut - stopped.LeftOut);
            }
        }

        AppliedRecord? applied = await _context.Store.ReadAppliedAsync(token).ConfigureAwait(false);
        _context.Metrics.ChangesApplied = applied?.Changes ?? 0;
        _context.Metrics.Position = applied?.Current;
        _context.Log.Write(LogLevel.Info, "Starting", $"Resuming {routes.Count} tables{(applied is null ? string.Empty : $"; the stream is at {applied.Current}")}.");
        return routes;
    }

    /// <summary>
    /// The tables by their tracked definitions: the source's own are ahead of the stream, and a table that is being copied finds out by itself that it was altered. Checkpoints of the
    /// release before have none: then the source's must be those of the plan.
    /// </summary>
    private async Task<IReadOnlyList<TableRoute>> ReadRoutesAsync(MySqlSession source, CancellationToken token)
    {
        IReadOnlyList<TableCopyRecord> records = await _context.Store.ReadTablesAsync(token).ConfigureAwait(false);
        IReadOnlyDictionary<int, TableDefinition> tracked = await _context.Store.Definitions.ReadAllAsync(token).ConfigureAwait(false);
        var routes = new List<TableRoute>(records.Count);
        foreach (TableCopyRecord record in records.Where(r => r.State is not (TableCopyState.Removed or TableCopyState.Stopped)))
        {
            TableDefinition definition = tracked.GetValueOrDefault(record.Number)
                ?? await SchemaReader.ReadTableAsync(source, record.Source, token).ConfigureAwait(false)
                ?? throw Changed(record, "no longer exists on the source");
            if (!tracked.ContainsKey(record.Number) && definition.Hash != record.DefinitionHash && record.State is not (TableCopyState.Pending or TableCopyState.Copying))
            {
                throw Changed(record, "has another definition than when the task was planned");
            }

            routes.Add(new TableRoute(record.Number, definition, record.Destination));
        }

        return routes;
    }

    /// <summary>The tables of the task as they are now, DDL since the plan included.</summary>
    public async Task<IReadOnlyList<TableRoute>> ReadAgainAsync(CancellationToken stop)
    {
        IReadOnlyList<TableRoute> routes = [];
        await _context.Retry.RunAsync("read the tables of the task", async (_, token) =>
        {
            MySqlSession source = await _context.Source.OpenAsync(SessionPurpose.Metadata, token).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                routes = await ReadRoutesAsync(source, token).ConfigureAwait(false);
            }
        }, stop).ConfigureAwait(false);
        return routes;
    }

    private TableProgress Track(TableRoute route) =>
        _context.Metrics.Tables.GetOrAdd(route.Number, _ => new TableProgress(route.Source, route.Destination, route.Definition.EstimatedRows));

    private static DtsMigrateException Changed(TableCopyRecord record, string what) => new("TableDefinitionChanged", $"Table {record.Source} {what}.")
    {
        Target = record.Source.ToString(),
        RecommendedAction = "Start a new task for it.",
    };
}
