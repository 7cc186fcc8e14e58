using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>One attempt at adding foreign keys; repeatable.</summary>
internal sealed class ForeignKeyCreator
{
    private const string Phase = "Schema";
    private const string NonStandardKeys = "restrict_fk_on_non_standard_key";

    private readonly RunContext _context;

    /// <summary>Creates the creator.</summary>
    public ForeignKeyCreator(RunContext context) => _context = context;

    /// <summary>Adds what is missing and checks what exists.</summary>
    /// <param name="routes">All tables of the task.</param>
    /// <param name="onProgress">Told after each table.</param>
    /// <param name="cancellationToken">Cancels between statements.</param>
    public Task CreateAsync(IReadOnlyList<TableRoute> routes, Action onProgress, CancellationToken cancellationToken) => CreateAsync(routes, routes, onProgress, cancellationToken);

    /// <summary>Adds what is missing to some of the tables.</summary>
    /// <param name="routes">The tables to look at.</param>
    /// <param name="all">All tables of the task, among which parents are found.</param>
    /// <param name="onProgress">Told after each table.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task CreateAsync(IReadOnlyList<TableRoute> routes, IReadOnlyList<TableRoute> all, Action onProgress, CancellationToken cancellationToken)
    {
        // Tables that are still to be copied have no definition yet; they get their keys after their copy.
        routes = [.. routes.Where(r => r.Definition.CreateSql.Length > 0)];
        if (routes.All(r => CreateTableStatement.Parse(r.Definition.CreateSql).ReadForeignKeys(r.Source.Database).Count == 0))
        {
            return;
        }

        var session = await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
            await AllowNonStandardKeysAsync(session, cancellationToken).ConfigureAwait(false);
            var parents = new ForeignKeyParents(all, _context.SourceFacts.LowerCaseTableNames != 0);
            var stopped = await ReadStoppedAsync(cancellationToken).ConfigureAwait(false);
            foreach (var route in routes)
            {
                await AddForeignKeysAsync(session, catalog, route, parents, stopped, cancellationToken).ConfigureAwait(false);
                onProgress();
            }
        }
    }

    // Older sources allow foreign keys to keys that are not unique; from 8.4 on that is refused (6125) even with checks off.
    private async Task AllowNonStandardKeysAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var rows = await session.QueryRowsAsync($"SHOW SESSION VARIABLES LIKE '{NonStandardKeys}'", cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0 || rows[0].GetString(1) == "OFF")
        {
            return;
        }

        try
        {
            await session.ExecuteAsync($"SET SESSION {NonStandardKeys}=OFF", cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e)
        {
            _context.Log.Write(LogLevel.Warning, Phase, $"The destination account may not set {NonStandardKeys}=OFF: foreign keys to keys that are not unique will be refused. {e.Message}");
        }
    }

    // Rows of a stopped table do not follow the source: a key that refers to it would refuse rows that the source has.
    private async Task<HashSet<QualifiedName>> ReadStoppedAsync(CancellationToken cancellationToken) =>
        _context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed
            ? [.. (await _context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false)).Where(t => t.State == TableCopyState.Stopped).Select(t => t.Destination)]
            : [];

    private async Task AddForeignKeysAsync(
        MySqlSession session, CatalogReader catalog, TableRoute route, ForeignKeyParents parents, HashSet<QualifiedName> stopped, CancellationToken cancellationToken)
    {
        var wanted = CreateTableStatement.Parse(route.Definition.CreateSql).ReadForeignKeys(route.Source.Database);
        if (wanted.Count == 0)
        {
            return;
        }

        string createSql = await catalog.ReadCreateAsync(route.Destination, cancellationToken).ConfigureAwait(false)
            ?? throw new DtsMigrateException("ObjectNotFound", $"{route.Destination} does not exist on the destination any more.") { Target = route.Destination.ToString() };
        var existing = CreateTableStatement.Parse(createSql).ReadForeignKeys(route.Destination.Database);
        var clauses = new List<string>();
        foreach (var key in wanted)
        {
            var parent = parents.Map(key.Parent);
            if (stopped.Contains(parent))
            {
                _context.Log.Write(LogLevel.Warning, Phase, $"Foreign key {key.Name} of {route.Destination} is left out: it refers to {parent}, which is stopped.");
                continue;
            }

            var same = existing.FirstOrDefault(e => e.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase));
            if (same is null)
            {
                await RequireParentAsync(catalog, route, key, parent, cancellationToken).ConfigureAwait(false);
                clauses.Add(key.ToAddClause(parent));
            }
            else if (!key.MeansSameAs(same, parent, catalog.Names))
            {
                throw new DtsMigrateException("ForeignKeyDiffers", $"{route.Destination} has a foreign key {key.Name} that is not the one of {route.Source}.")
                {
                    Target = route.Destination.ToString(),
                    RecommendedAction = $"Drop it: ALTER TABLE {route.Destination.ToSql()} DROP FOREIGN KEY {SqlText.Name(key.Name)}",
                };
            }
        }

        if (clauses.Count > 0)
        {
            var result = await session.ExecuteAsync($"ALTER TABLE {route.Destination.ToSql()} {string.Join(", ", clauses)}", cancellationToken).ConfigureAwait(false);
            _context.Log.Write(LogLevel.Info, Phase, $"{clauses.Count} foreign keys added to {route.Destination}.");
            await SchemaWarnings.LogAsync(session, _context.Log, route.Destination, result, cancellationToken).ConfigureAwait(false);
        }
    }

    // With foreign_key_checks=0 the server would accept a parent that does not exist, and every later write would fail.
    private static async Task RequireParentAsync(CatalogReader catalog, TableRoute route, ForeignKeyDefinition key, QualifiedName parent, CancellationToken cancellationToken)
    {
        var tables = await catalog.ReadTablesAsync(parent.Database, parent.Name, cancellationToken).ConfigureAwait(false);
        if (tables.Count == 0)
        {
            throw new DtsMigrateException("ForeignKeyParentMissing", $"Foreign key {key.Name} of {route.Source} refers to {key.Parent}, and the destination has no {parent}.")
            {
                Target = route.Source.ToString(),
                RecommendedAction = $"Select {key.Parent} as well, or create {parent} on the destination.",
            };
        }
    }
}
