using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>Creates databases and tables on the destination: tables without foreign keys first, foreign keys after the data.</summary>
public sealed class SchemaMigrator
{
    private const string Phase = "Schema";

    private readonly RunContext _context;

    /// <summary>Creates the migrator.</summary>
    public SchemaMigrator(RunContext context) => _context = context;

    /// <summary>Creates databases and tables. May be run again after a crash: what exists and was created by this task is left.</summary>
    /// <remarks>
    /// With <see cref="ConflictMode.PrecheckAndReportErrors"/> the precheck has seen that no table existed, so one that does is an earlier
    /// attempt's and must be as this task would make it. With <see cref="ConflictMode.IgnoreErrorsAndProceed"/> it is kept when rows fit.
    /// </remarks>
    /// <exception cref="DtsMigrateException">Code <c>DestinationTableDiffers</c>: a table exists and is not as it must be; the message names the differences.</exception>
    public Task CreateTablesAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) =>
        _context.Retry.RunAsync(
            "create tables",
            async (scope, token) =>
            {
                await CreateDatabasesAsync(routes, token).ConfigureAwait(false);
                var session = await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, token).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    var catalog = await CatalogReader.OpenAsync(session, token).ConfigureAwait(false);
                    var refused = await DestinationSession.PrepareAsync(session, _context.Log, token).ConfigureAwait(false);
                    foreach (var route in routes)
                    {
                        await CreateTableAsync(session, catalog, route, refused, token).ConfigureAwait(false);
                        scope.ReportProgress();
                    }
                }
            },
            cancellationToken);

    /// <summary>Adds the foreign keys with their definitions as on the source, names mapped. May be run again after a crash.</summary>
    /// <exception cref="DtsMigrateException">
    /// Code <c>ForeignKeyParentMissing</c>: the parent is neither selected nor on the destination. Code <c>ForeignKeyDiffers</c>: a constraint of
    /// that name exists with another meaning.
    /// </exception>
    public Task AddForeignKeysAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken) =>
        _context.Retry.RunAsync(
            "add foreign keys",
            async (scope, token) =>
            {
                var session = await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, token).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    var catalog = await CatalogReader.OpenAsync(session, token).ConfigureAwait(false);
                    await DestinationSession.PrepareAsync(session, _context.Log, token).ConfigureAwait(false);
                    var parents = new ForeignKeyParents(routes, _context.SourceFacts.LowerCaseTableNames != 0);
                    foreach (var route in routes)
                    {
                        await AddForeignKeysAsync(session, catalog, route, parents, token).ConfigureAwait(false);
                        scope.ReportProgress();
                    }
                }
            },
            cancellationToken);

    private async Task CreateDatabasesAsync(IReadOnlyList<TableRoute> routes, CancellationToken cancellationToken)
    {
        var selection = new ObjectSelection(_context.Task, _context.SourceFacts.LowerCaseTableNames != 0);
        var wanted = await ReadSourceDatabasesAsync(selection, cancellationToken).ConfigureAwait(false);
        var session = await _context.Destination.OpenAsync(SessionPurpose.WriteSchema, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
            var existing = (await catalog.ReadDatabasesAsync(cancellationToken).ConfigureAwait(false)).Select(d => d.Name).ToHashSet(catalog.Names);
            await DestinationSession.PrepareAsync(session, _context.Log, cancellationToken).ConfigureAwait(false);
            bool mb3 = _context.DestinationFacts.Version.IsAtLeast(8, 0, 30);
            foreach (var database in wanted.Where(d => !existing.Contains(selection.MapDatabase(d.Name))))
            {
                string name = selection.MapDatabase(database.Name);
                string charset = mb3 ? DestinationTableCheck.NormalizeCharset(database.Charset)! : database.Charset;
                string collation = mb3 ? DestinationTableCheck.NormalizeCharset(database.Collation)! : database.Collation;
                await session.ExecuteAsync(TableRewriter.CreateDatabase(name, charset, collation), cancellationToken).ConfigureAwait(false);
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

    private async Task CreateTableAsync(MySqlSession session, CatalogReader catalog, TableRoute route, IReadOnlyList<string> refused, CancellationToken cancellationToken)
    {
        var existing = await SchemaReader.ReadTableAsync(catalog, route.Destination, cancellationToken).ConfigureAwait(false);
        if (existing is not null)
        {
            AcceptOrThrow(route, existing);
            return;
        }

        if (refused.Contains("sql_generate_invisible_primary_key") && !route.Definition.UniqueKeys.Any(k => k.Name == "PRIMARY"))
        {
            throw new DtsMigrateException("DestinationGeneratesPrimaryKeys", $"{route.Destination} would get a primary key that {route.Source} does not have, because sql_generate_invisible_primary_key is ON at the destination.")
            {
                Target = route.Destination.ToString(),
                RecommendedAction = "Set it OFF at the destination for the time of the migration, or grant SESSION_VARIABLES_ADMIN to the account.",
            };
        }

        var rewritten = TableRewriter.Rewrite(route.Definition, route.Destination);
        var result = await session.ExecuteAsync(rewritten.Sql, cancellationToken).ConfigureAwait(false);
        _context.Log.Write(LogLevel.Info, Phase, $"Table {route.Destination} created.");
        foreach (string option in rewritten.Dropped)
        {
            _context.Log.Write(LogLevel.Warning, Phase, $"{route.Destination}: {option} names a place on the source's host and was left out.");
        }

        await LogWarningsAsync(session, route.Destination, result, cancellationToken).ConfigureAwait(false);
    }

    private void AcceptOrThrow(TableRoute route, TableDefinition existing)
    {
        bool keeps = _context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed;
        var (from, to) = (_context.SourceFacts.Version, _context.DestinationFacts.Version);
        var differences = keeps
            ? DestinationTableCheck.FindDifferences(route.Definition, existing)
            : DefinitionComparison.FindDifferences(route.Definition, existing, samePrinter: (from.Major, from.Minor) == (to.Major, to.Minor));
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

    private async Task AddForeignKeysAsync(MySqlSession session, CatalogReader catalog, TableRoute route, ForeignKeyParents parents, CancellationToken cancellationToken)
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
            await LogWarningsAsync(session, route.Destination, result, cancellationToken).ConfigureAwait(false);
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

    private async Task LogWarningsAsync(MySqlSession session, QualifiedName table, StatementResult result, CancellationToken cancellationToken)
    {
        if (result.Warnings == 0)
        {
            return;
        }

        foreach (var row in await session.QueryRowsAsync("SHOW WARNINGS", cancellationToken).ConfigureAwait(false))
        {
            _context.Log.Write(LogLevel.Warning, Phase, $"{table}: {row.GetString(0)} {row.GetString(1)}: {row.GetString(2)}");
        }
    }
}
