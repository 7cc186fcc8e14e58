using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>
/// Builds the indexes that a table was created without, and sees that in the end the destination has every index of the source. What is missing is read from
/// the destination before each step, so that it does not matter where an earlier attempt was cut off, nor whether its last statement has still worked.
/// </summary>
internal sealed class IndexBuilder
{
    private const string Phase = "Schema";
    private const int DuplicateKeyName = 1061;

    private readonly RunContext _context;

    /// <summary>Creates the builder.</summary>
    public IndexBuilder(RunContext context) => _context = context;

    /// <summary>Builds what is missing and compares. May be run again after any failure, with a new session.</summary>
    /// <param name="session">Session for schema statements on the destination.</param>
    /// <param name="catalog">Catalog over it.</param>
    /// <param name="route">Table; all its rows are on the destination. Its tracked definition says which indexes there must be.</param>
    /// <param name="plan">The indexes that it was created without, as recorded.</param>
    /// <param name="cancellationToken">Ends the running statement.</param>
    /// <returns>The table as it is then on the destination; null when it was not looked at.</returns>
    /// <exception cref="DtsMigrateException">Codes <c>IndexesDiffer</c>, <c>DestinationTableMissing</c>, <c>LeaseLost</c>.</exception>
    public async Task<CreateTableStatement?> BuildAsync(MySqlSession session, CatalogReader catalog, TableRoute route, IReadOnlyList<DeferredIndex> plan, CancellationToken cancellationToken)
    {
        if (plan.Count == 0 && _context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
        {
            // The table may have been there before the task: then its indexes are its owner's choice.
            return null;
        }

        var source = CreateTableStatement.Parse(TableForm.Of(route.Definition, _context.Select()).CreateSql);
        var destination = await ReadAsync(catalog, route, cancellationToken).ConfigureAwait(false);
        if (NextStep(source, destination).Length > 0)
        {
            var held = new IndexBuildLock(_context, route);
            await held.TakeAsync(session, cancellationToken).ConfigureAwait(false);
            try
            {
                destination = await BuildMissingAsync(session, catalog, route, source, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Show(route, null);
            }

            await held.ReleaseAsync(session, cancellationToken).ConfigureAwait(false);
        }

        var differences = FindDifferences(source, destination);
        if (differences.Count > 0)
        {
            throw new DtsMigrateException("IndexesDiffer", $"The indexes of {route.Destination} are not those of {route.Source}: {string.Join("; ", differences)}.")
            {
                Target = route.Destination.ToString(),
                RecommendedAction = "Drop the indexes that differ on the destination, or create those that are missing, and start the task again.",
            };
        }

        if (plan.Any(i => !i.IsBuilt))
        {
            await _context.Store.DeferredIndexes.MarkBuiltAsync(route.Number, cancellationToken).ConfigureAwait(false);
        }

        return destination;
    }

    /// <summary>True when a table that was created with all its indexes has them, so that there is nothing to build.</summary>
    /// <param name="route">Table.</param>
    /// <param name="destination">What it is on the destination.</param>
    public bool IsComplete(TableRoute route, CreateTableStatement destination)
    {
        if (_context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
        {
            return true;
        }

        var source = CreateTableStatement.Parse(TableForm.Of(route.Definition, _context.Select()).CreateSql);
        return NextStep(source, destination).Length == 0 && FindDifferences(source, destination).Count == 0;
    }

    private IReadOnlyList<string> FindDifferences(CreateTableStatement source, CreateTableStatement destination)
    {
        var (from, to) = (_context.SourceFacts.Version, _context.DestinationFacts.Version);
        return IndexComparison.FindDifferences(source, destination, samePrinter: from.IsSameSeries(to));
    }

    private async Task<CreateTableStatement> BuildMissingAsync(MySqlSession session, CatalogReader catalog, TableRoute route, CreateTableStatement source, CancellationToken cancellationToken)
    {
        var destination = await ReadAsync(catalog, route, cancellationToken).ConfigureAwait(false);
        string tried = string.Empty;
        while (NextStep(source, destination) is { Length: > 0 } step && string.Join(", ", step.Select(i => i.Name)) is var names && names != tried)
        {
            tried = names;
            await _context.Store.AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
            Show(route, $"Building {Count(step)} of {route.Destination}.");
            _context.Log.Write(LogLevel.Info, Phase, $"Building {Count(step)} of {route.Destination}: {names}.");
            long started = _context.Time.GetTimestamp();
            try
            {
                var result = await session.ExecuteAsync($"ALTER TABLE {route.Destination.ToSql()} {string.Join(", ", step.Select(i => "ADD " + i.Element.Text(source.Tokens)))}", cancellationToken).ConfigureAwait(false);
                _context.Log.Write(LogLevel.Info, Phase, $"{Count(step)} of {route.Destination} built in {_context.Time.GetElapsedTime(started).TotalSeconds:0.0} s.");
                await SchemaWarnings.LogAsync(session, _context.Log, route.Destination, result, cancellationToken).ConfigureAwait(false);
            }
            catch (MySqlServerException e) when (e.Errno == DuplicateKeyName)
            {
                // Somebody was faster by an instant; what is there now decides.
                _context.Log.Write(LogLevel.Warning, Phase, $"Indexes of {route.Destination} were made by another session meanwhile: {e.Message}");
            }

            destination = await ReadAsync(catalog, route, cancellationToken).ConfigureAwait(false);
        }

        return destination;
    }

    /// <summary>
    /// The next statement's indexes. FULLTEXT comes first and each alone: the first one adds a hidden column, for which the table is written anew with all
    /// indexes that it has by then. All B-trees are built in one pass over the table. SPATIAL comes last, each alone.
    /// </summary>
    private IndexElement[] NextStep(CreateTableStatement source, CreateTableStatement destination)
    {
        var missing = IndexComparison.FindMissing(source, destination);
        if (missing.FirstOrDefault(i => i.Kind == IndexKind.Fulltext) is { } text)
        {
            return [text];
        }

        // A unique key is late in copies of one snapshot only; where changes were replayed without one that they may have needed, it is a difference.
        IndexElement[] trees = [.. missing.Where(i => i.Kind == IndexKind.Plain || (i.Kind == IndexKind.Unique && !_context.IsIncremental))];
        return trees.Length > 0 ? trees : missing.FirstOrDefault(i => i.Kind == IndexKind.Spatial) is { } spatial ? [spatial] : [];
    }

    private void Show(TableRoute route, string? activity)
    {
        if (_context.Metrics.Tables.TryGetValue(route.Number, out var progress))
        {
            progress.Activity = activity;
        }
    }

    private static string Count(IndexElement[] step) => step.Length == 1 ? "1 index" : $"{step.Length} indexes";

    private static async Task<CreateTableStatement> ReadAsync(CatalogReader catalog, TableRoute route, CancellationToken cancellationToken)
    {
        string sql = await catalog.ReadCreateAsync(route.Destination, cancellationToken).ConfigureAwait(false)
            ?? throw new DtsMigrateException("DestinationTableMissing", $"{route.Destination} does not exist on the destination any more.") { Target = route.Destination.ToString() };
        return CreateTableStatement.Parse(sql);
    }
}
