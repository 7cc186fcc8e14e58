using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Run;

/// <summary>
/// With <see cref="ConflictMode.IgnoreErrorsAndProceed"/>: stops the tables whose rows do not fit into what the destination has under their names, before anything of them is copied. The
/// task goes on with the others. A table stays stopped whatever is done to the destination's later: rows that it would need have gone by.
/// </summary>
internal sealed class TableFit
{
    private readonly RunContext _context;

    public TableFit(RunContext context) => _context = context;

    /// <summary>Those that fit, or are still to be created.</summary>
    public async Task<IReadOnlyList<TableRoute>> KeepFittingAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        // One that has been begun was found fit by an earlier run.
        HashSet<int> pending = [.. (await _context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false)).Where(t => t.State == TableCopyState.Pending).Select(t => t.Number)];
        var reasons = new Dictionary<int, string>();
        MySqlSession session = await _context.Destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            CatalogReader catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
            foreach (var database in routes.Where(r => pending.Contains(r.Number)).GroupBy(r => r.Destination.Database, StringComparer.Ordinal))
            {
                IReadOnlyDictionary<string, TableDefinition> there =
                    await SchemaReader.ReadTablesAsync(catalog, database.Key, [.. database.Select(r => r.Destination.Name)], cancellationToken).ConfigureAwait(false);
                foreach (TableRoute route in database)
                {
                    if (WhyNot(route, there.GetValueOrDefault(route.Destination.Name)) is { } reason)
                    {
                        reasons.Add(route.Number, reason);
                    }
                }
            }
        }

        if (reasons.Count == 0)
        {
            return routes;
        }

        await _context.Store.StopTablesAsync(reasons, cancellationToken).ConfigureAwait(false);
        foreach (TableRoute route in routes.Where(r => reasons.ContainsKey(r.Number)))
        {
            TableProgress progress = _context.Metrics.Tables.GetOrAdd(route.Number, _ => new TableProgress(route.Source, route.Destination, 0));
            progress.State = TableCopyState.Stopped;
            progress.StopReason = reasons[route.Number];
            _context.Log.Write(LogLevel.Error, "Schema", $"{route.Source} is stopped, and the task goes on with the others. {reasons[route.Number]}");
        }

        return [.. routes.Where(r => !reasons.ContainsKey(r.Number))];
    }

    private string? WhyNot(TableRoute route, TableDefinition? there)
    {
        if (there is null)
        {
            return _context.Task.MigrationTypes.HasFlag(MigrationTypes.Schema) ? null : $"{route.Destination} does not exist on the destination.";
        }

        IReadOnlyList<string> differences = DestinationTableCheck.FindDifferences(route.Definition, there);
        return differences.Count == 0 ? null : $"Its rows do not fit into {route.Destination}: {string.Join("; ", differences)}.";
    }
}
