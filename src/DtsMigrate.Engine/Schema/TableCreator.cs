using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>One attempt at creating databases and tables; repeatable.</summary>
internal sealed class TableCreator
{
    private const string Phase = "Schema";

    /// <summary>A CREATE TABLE is mostly waiting for the server's flushes, which sessions side by side share.</summary>
    private const int MostLanes = 4;

    private const int TablesPerLane = 25;

    private readonly RunContext _context;
    private readonly ObjectSelection _selection;

    /// <summary>Creates the creator.</summary>
    public TableCreator(RunContext context)
    {
        _context = context;
        _selection = context.Select();
    }

    /// <summary>Creates what is missing and checks what exists.</summary>
    /// <param name="routes">The tables.</param>
    /// <param name="onProgress">Told after each table.</param>
    /// <param name="cancellationToken">Cancels between statements.</param>
    public async Task CreateAsync(IReadOnlyList<TableRoute> routes, Action onProgress, CancellationToken cancellationToken)
    {
        await CreateDatabasesAsync(routes, cancellationToken).ConfigureAwait(false);
        var plans = await _context.Store.DeferredIndexes.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        var existing = await ReadExistingAsync(routes, cancellationToken).ConfigureAwait(false);
        int lanes = Math.Clamp(routes.Count / TablesPerLane, 1, MostLanes);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, lanes),
            new ParallelOptions { MaxDegreeOfParallelism = lanes, CancellationToken = cancellationToken },
            async (lane, token) =>
            {
                var session = await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, token).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    var catalog = await CatalogReader.OpenAsync(session, token).ConfigureAwait(false);
                    for (int i = lane; i < routes.Count; i += lanes)
                    {
                        var route = routes[i];
                        await CreateTableAsync(session, catalog, route, existing.Contains(route.Destination), plans.GetValueOrDefault(route.Number, []), token).ConfigureAwait(false);
                        onProgress();
                    }
                }
            }).ConfigureAwait(false);
    }

    /// <summary>Those of the tables that are there. One list per database: asking for each table apart takes thousands of queries where there are thousands of tables.</summary>
    private async Task<HashSet<QualifiedName>> ReadExistingAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        var session = await _context.Destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
            var existing = new HashSet<QualifiedName>();
            foreach (var database in routes.GroupBy(r => r.Destination.Database, catalog.Names))
            {
                var names = (await catalog.ReadTablesAsync(database.Key, null, cancellationToken).ConfigureAwait(false)).Select(t => t.Name).ToHashSet(catalog.Names);
                existing.UnionWith(database.Select(r => r.Destination).Where(d => names.Contains(d.Name)));
            }

            return existing;
        }
    }

    private async Task CreateDatabasesAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        var selection = _selection;
        var wanted = await ReadSourceDatabasesAsync(selection, cancellationToken).ConfigureAwait(false);
        var session = await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
            var existing = (await catalog.ReadDatabasesAsync(cancellationToken).ConfigureAwait(false)).Select(d => d.Name).ToHashSet(catalog.Names);
            foreach (var database in wanted.Where(d => !existing.Contains(selection.MapDatabase(d.Name))))
            {
                string name = selection.MapDatabase(database.Name);
                await session.ExecuteAsync(CreateDatabase(selection, database, _context.DestinationFacts.Version), cancellationToken).ConfigureAwait(false);
                _context.Log.Write(LogLevel.Info, Phase, $"Database {name} created.");
                if (database.IsEncrypted)
                {
                    _context.Log.Write(LogLevel.Warning, Phase, $"Database {database.Name} encrypts new tables by default on the source; {name} does not. Encrypted tables stay encrypted.");
                }
            }

            foreach (string database in routes.Select(r => r.Destination.Database).Distinct().Where(d => !existing.Contains(d) && !wanted.Any(w => selection.MapDatabase(w.Name) == d)))
            {
                throw new DtsMigrateException("ObjectNotFound", $"The source database of {database} does not exist any more.") { Target = database };
            }
        }
    }

    /// <summary>The statement that creates a database on a server; from 8.0.30 on utf8 is called utf8mb3.</summary>
    internal static string CreateDatabase(ObjectSelection selection, CatalogDatabase database, ServerVersion destination)
    {
        bool mb3 = destination.IsAtLeast(8, 0, 30);
        string charset = mb3 ? DestinationTableCheck.NormalizeCharset(database.Charset)! : database.Charset;
        string mapped = selection.Collations.Of(database.Collation);
        string collation = mb3 ? DestinationTableCheck.NormalizeCharset(mapped)! : mapped;
        return TableRewriter.CreateDatabase(selection.MapDatabase(database.Name), charset, collation);
    }

    private async Task<IReadOnlyList<CatalogDatabase>> ReadSourceDatabasesAsync(ObjectSelection selection, CancellationToken cancellationToken)
    {
        var session = await _context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
            var all = await catalog.ReadDatabasesAsync(cancellationToken).ConfigureAwait(false);
            return [.. all.Where(d => selection.SelectsDatabase(d.Name))];
        }
    }

    private async Task CreateTableAsync(MySqlSession session, CatalogReader catalog, TableRoute route, bool exists, IReadOnlyList<DeferredIndex> earlier, CancellationToken cancellationToken)
    {
        var existing = exists ? await SchemaReader.ReadTableAsync(catalog, route.Destination, cancellationToken).ConfigureAwait(false) : null;
        if (existing is not null)
        {
            AcceptOrThrow(route, existing, earlier);
            return;
        }

        var definition = TableForm.Of(route.Definition, _selection);
        var statement = CreateTableStatement.Parse(definition.CreateSql);
        var plan = DeferredIndexPlanner.Plan(definition, statement, _context.Task);
        if (plan.Count > 0 || earlier.Count > 0)
        {
            // Before the table: one that is found without these indexes must be known to lack them.
            await _context.Store.DeferredIndexes.ReplaceAsync(route.Number, plan, cancellationToken).ConfigureAwait(false);
        }

        var rewritten = TableRewriter.Rewrite(definition, statement, route.Destination, [.. plan.Select(i => i.Name)]);
        var result = await session.ExecuteAsync(rewritten.Sql, cancellationToken).ConfigureAwait(false);
        _context.Log.Write(LogLevel.Info, Phase, $"Table {route.Destination} created{(plan.Count == 0 ? string.Empty : $" without {plan.Count} indexes, which follow after its rows")}.");
        foreach (string option in rewritten.Dropped)
        {
            _context.Log.Write(LogLevel.Warning, Phase, $"{route.Destination}: {option} names a place on the source's host and was left out.");
        }

        await SchemaWarnings.LogAsync(session, _context.Log, route.Destination, result, cancellationToken).ConfigureAwait(false);
    }

    private void AcceptOrThrow(TableRoute route, TableDefinition existing, IReadOnlyList<DeferredIndex> plan)
    {
        bool keeps = _context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed;
        var (from, to) = (_context.SourceFacts.Version, _context.DestinationFacts.Version);
        var differences = keeps
            ? DestinationTableCheck.FindDifferences(route.Definition, existing)
            : DefinitionComparison.FindDifferences(TableForm.Of(route.Definition, _selection), existing, samePrinter: from.IsSameSeries(to), [.. plan.Select(i => i.Definition)]);
        if (differences.Count > 0)
        {
            throw new DtsMigrateException("DestinationTableDiffers", $"{route.Destination} exists on the destination and does not match {route.Source}: {string.Join("; ", differences)}.")
            {
                Target = route.Destination.ToString(),
                RecommendedAction = "Drop or rename the table on the destination, or give the object another name there.",
            };
        }

        _context.Log.Write(LogLevel.Info, Phase, $"Table {route.Destination} exists and matches {route.Source}; kept.");
    }
}
