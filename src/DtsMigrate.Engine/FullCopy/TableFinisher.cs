using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// What a table gets after its rows: the indexes that were left out, the source's next AUTO_INCREMENT value, fresh statistics. Each step looks at what is
/// there first, so that all may be repeated after a crash at any point.
/// </summary>
internal sealed class TableFinisher
{
    private const string Phase = "FullCopy";

    private readonly RunContext _context;
    private readonly bool _ownsSchema;
    private IReadOnlyDictionary<int, IReadOnlyList<DeferredIndex>>? _plans;

    /// <summary>Creates the finisher that all workers share.</summary>
    public TableFinisher(RunContext context)
    {
        _context = context;
        _ownsSchema = context.Task.MigrationTypes.HasFlag(MigrationTypes.Schema);
    }

    /// <summary>Finishes a table whose rows are all copied. The caller retries, with new sessions.</summary>
    /// <param name="route">Table.</param>
    /// <param name="createSql">What SHOW CREATE TABLE says of it on the source, read after its last row.</param>
    /// <param name="isFirstAttempt">The table was not made anew during this run.</param>
    /// <param name="sessions">The caller's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>True when there were indexes to build, which may have taken long.</returns>
    /// <exception cref="DtsMigrateException">Codes <c>IndexesDiffer</c>, <c>DestinationTableMissing</c>, <c>TableDefinitionChanged</c>, <c>LeaseLost</c>.</exception>
    public async Task<bool> FinishAsync(TableRoute route, string createSql, bool isFirstAttempt, CopySessions sessions, CancellationToken cancellationToken)
    {
        bool built = false;
        CreateTableStatement? now = null;
        var session = await sessions.DestinationSchemaAsync(cancellationToken).ConfigureAwait(false);
        var catalog = await sessions.DestinationSchemaCatalogAsync(cancellationToken).ConfigureAwait(false);
        if (_ownsSchema)
        {
            var plan = await ReadPlanAsync(route, isFirstAttempt, cancellationToken).ConfigureAwait(false);
            now = await new IndexBuilder(_context).BuildAsync(session, catalog, route, plan, cancellationToken).ConfigureAwait(false);
            built = plan.Count > 0;
        }

        if (route.Definition.Columns.Any(c => c.IsAutoIncrement))
        {
            now ??= await ReadAsync(route, catalog, cancellationToken).ConfigureAwait(false);
            ulong next = CreateTableStatement.Parse(createSql).ReadAutoIncrement();
            if (now is not null && now.ReadAutoIncrement() < next)
            {
                await RaiseAutoIncrementAsync(session, route, next, cancellationToken).ConfigureAwait(false);
            }
        }

        await AnalyzeAsync(session, route, cancellationToken).ConfigureAwait(false);
        return built;
    }

    /// <summary>The tables that need nothing more but statistics: no late index, every index there, AUTO_INCREMENT high enough.</summary>
    /// <param name="tables">Tables at their first attempt or a later one, each with what SHOW CREATE TABLE says of it on the source, read after its last row.</param>
    /// <param name="sessions">The caller's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<TableWork>> FindCompleteAsync(IReadOnlyList<(TableWork Table, string CreateSql)> tables, CopySessions sessions, CancellationToken cancellationToken)
    {
        var catalog = await sessions.DestinationSchemaCatalogAsync(cancellationToken).ConfigureAwait(false);
        var complete = new List<TableWork>(tables.Count);
        foreach (var database in tables.GroupBy(t => t.Table.Route.Destination.Database, StringComparer.Ordinal))
        {
            var there = await catalog.ReadCreatesAsync(database.Key, [.. database.Select(t => t.Table.Route.Destination.Name)], cancellationToken).ConfigureAwait(false);
            foreach (var (table, sql) in database)
            {
                if (there.TryGetValue(table.Route.Destination.Name, out string? text) && await IsCompleteAsync(table, sql, CreateTableStatement.Parse(text), cancellationToken).ConfigureAwait(false))
                {
                    complete.Add(table);
                }
            }
        }

        return complete;
    }

    /// <summary>Fresh statistics for many tables.</summary>
    public async Task AnalyzeAsync(IReadOnlyList<TableRoute> routes, CopySessions sessions, CancellationToken cancellationToken)
    {
        var session = await sessions.DestinationSchemaAsync(cancellationToken).ConfigureAwait(false);
        if (await TryAnalyzeAsync(session, routes, cancellationToken).ConfigureAwait(false) is not null)
        {
            // One that may not be analyzed refuses them all.
            foreach (var route in routes)
            {
                await AnalyzeAsync(session, route, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> IsCompleteAsync(TableWork table, string createSql, CreateTableStatement there, CancellationToken cancellationToken)
    {
        var route = table.Route;
        if (_ownsSchema)
        {
            var plan = await ReadPlanAsync(route, table.Attempt == 1, cancellationToken).ConfigureAwait(false);
            if (plan.Count > 0 || !new IndexBuilder(_context).IsComplete(route, there))
            {
                return false;
            }
        }

        return !route.Definition.Columns.Any(c => c.IsAutoIncrement) || there.ReadAutoIncrement() >= CreateTableStatement.Parse(createSql).ReadAutoIncrement();
    }

    /// <summary>The plan of a table's late indexes. Those of all tables are read at once; only a table that is made anew later gets another one.</summary>
    private async Task<IReadOnlyList<DeferredIndex>> ReadPlanAsync(TableRoute route, bool isFirstAttempt, CancellationToken cancellationToken)
    {
        if (!isFirstAttempt)
        {
            return await _context.Store.DeferredIndexes.ReadAsync(route.Number, cancellationToken).ConfigureAwait(false);
        }

        _plans ??= await _context.Store.DeferredIndexes.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        return _plans.GetValueOrDefault(route.Number, []);
    }

    private static async Task<CreateTableStatement?> ReadAsync(TableRoute route, CatalogReader catalog, CancellationToken cancellationToken) =>
        await catalog.ReadCreateAsync(route.Destination, cancellationToken).ConfigureAwait(false) is { } sql ? CreateTableStatement.Parse(sql) : null;

    /// <summary>Rows raise the counter by themselves; values that the source has drawn and whose rows are gone do not. It is never lowered.</summary>
    private async Task RaiseAutoIncrementAsync(MySqlSession session, TableRoute route, ulong next, CancellationToken cancellationToken)
    {
        await _context.Store.AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
        try
        {
            await session.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"ALTER TABLE {route.Destination.ToSql()} AUTO_INCREMENT={next}"), cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (FaultClassifier.IsDenied(e) && !_ownsSchema)
        {
            _context.Log.Write(LogLevel.Warning, Phase, $"The destination account may not set AUTO_INCREMENT={next} of {route.Destination}: {e.Message}");
        }
    }

    /// <summary>Statistics are an advice to the optimiser: without them the copy is as complete.</summary>
    private async Task AnalyzeAsync(MySqlSession session, TableRoute route, CancellationToken cancellationToken)
    {
        if (await TryAnalyzeAsync(session, [route], cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            _context.Log.Write(LogLevel.Warning, Phase, $"The destination account may not analyze {route.Destination}: {refusal}");
        }
    }

    /// <returns>The server's words when the destination account may not; null when it is done.</returns>
    private async Task<string?> TryAnalyzeAsync(MySqlSession session, IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        // Replicas need statistics as well, where they get the data.
        string local = _context.Task.Options.DestinationBinlog ? string.Empty : "NO_WRITE_TO_BINLOG ";
        try
        {
            var rows = await session.QueryRowsAsync($"ANALYZE {local}TABLE {string.Join(", ", routes.Select(r => r.Destination.ToSql()))}", cancellationToken).ConfigureAwait(false);
            foreach (var row in rows.Where(r => r.GetString(2) == "Error"))
            {
                _context.Log.Write(LogLevel.Warning, Phase, $"ANALYZE TABLE {row.GetStringOrNull(0)}: {row.GetStringOrNull(3)}");
            }

            return null;
        }
        catch (MySqlServerException e) when (FaultClassifier.IsDenied(e))
        {
            return e.Message;
        }
    }
}
