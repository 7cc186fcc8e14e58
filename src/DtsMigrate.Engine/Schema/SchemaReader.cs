using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema;

/// <summary>Reads table definitions from a server's information_schema.</summary>
public static class SchemaReader
{
    /// <summary>All base tables that are selected, in name order.</summary>
    /// <exception cref="DtsMigrateException">Code <c>ObjectNotFound</c>: a selected database or table does not exist; the message names all that are missing.</exception>
    public static Task<IReadOnlyList<TableDefinition>> ReadSelectedAsync(MySqlSession session, MigrationTask task, ObjectSelection selection, CancellationToken cancellationToken) =>
        ReadSelectedAsync(session, task, selection, withText: true, cancellationToken);

    /// <summary>All base tables that are selected, in name order.</summary>
    /// <param name="session">Session.</param>
    /// <param name="task">Task.</param>
    /// <param name="selection">Its selection.</param>
    /// <param name="withText">Read the CREATE TABLE statements, too: a statement for each table. Without, a few for each database, and <see cref="TableDefinition.CreateSql"/> is empty.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal static async Task<IReadOnlyList<TableDefinition>> ReadSelectedAsync(
        MySqlSession session, MigrationTask task, ObjectSelection selection, bool withText, CancellationToken cancellationToken)
    {
        var catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
        var databases = await catalog.ReadDatabasesAsync(cancellationToken).ConfigureAwait(false);
        var definitions = new List<TableDefinition>();
        var missing = new List<string>();
        foreach (var wanted in task.Objects)
        {
            string? database = databases.FirstOrDefault(d => selection.NameComparer.Equals(d.Name, wanted.Name))?.Name;
            if (database is null)
            {
                missing.Add($"database {wanted.Name}");
                continue;
            }

            var tables = await catalog.ReadTablesAsync(database, null, cancellationToken).ConfigureAwait(false);
            var found = await ReadTablesAsync(
                catalog, database, [.. tables.Where(t => t.IsBaseTable && selection.Selects(new QualifiedName(database, t.Name)))], null, withText, cancellationToken).ConfigureAwait(false);

            // Where the database is selected wholly, an entry may give a view another name; otherwise views are not selected.
            missing.AddRange(wanted.Tables.Select(t => t.Name)
                .Where(name => !(wanted.All ? tables.Any(t => selection.NameComparer.Equals(t.Name, name)) : found.Any(d => selection.NameComparer.Equals(d.Name.Name, name))))
                .Select(name => tables.Any(t => selection.NameComparer.Equals(t.Name, name)) ? $"table {wanted.Name}.{name} (it is a view)" : $"table {wanted.Name}.{name}"));
            definitions.AddRange(found);
        }

        if (missing.Count > 0)
        {
            throw new DtsMigrateException("ObjectNotFound", $"Not found on the source, or not visible to its account: {string.Join(", ", missing)}.")
            {
                Target = missing[0],
                RecommendedAction = "Correct the names under objects, or grant the account SELECT on them.",
            };
        }

        return [.. definitions.OrderBy(d => d.Name.Database, StringComparer.Ordinal).ThenBy(d => d.Name.Name, StringComparer.Ordinal)];
    }

    /// <summary>One table; null when it does not exist or is a view.</summary>
    public static async Task<TableDefinition?> ReadTableAsync(MySqlSession session, QualifiedName table, CancellationToken cancellationToken)
    {
        var catalog = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
        return await ReadTableAsync(catalog, table, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One table through an open catalog; null when it does not exist or is a view.</summary>
    internal static async Task<TableDefinition?> ReadTableAsync(CatalogReader catalog, QualifiedName table, CancellationToken cancellationToken)
    {
        var tables = await catalog.ReadTablesAsync(table.Database, table.Name, cancellationToken).ConfigureAwait(false);
        var found = await ReadTablesAsync(catalog, table.Database, [.. tables.Where(t => t.IsBaseTable)], table.Name, withText: true, cancellationToken).ConfigureAwait(false);
        return found.SingleOrDefault();
    }

    /// <summary>Tables of one database by their names; without those that do not exist or are views.</summary>
    internal static async Task<IReadOnlyDictionary<string, TableDefinition>> ReadTablesAsync(
        CatalogReader catalog, string database, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        HashSet<string> wanted = new(names, catalog.Names);
        var tables = await catalog.ReadTablesAsync(database, null, cancellationToken).ConfigureAwait(false);
        var found = await ReadTablesAsync(catalog, database, [.. tables.Where(t => t.IsBaseTable && wanted.Contains(t.Name))], null, withText: true, cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(d => d.Name.Name, catalog.Names);
    }

    /// <summary>Those of the tables and views of a database that have the names, each with its definition; null for a view. A few statements whatever their number, and no CREATE TABLE texts.</summary>
    internal static async Task<IReadOnlyDictionary<string, TableDefinition?>> ReadNamedAsync(CatalogReader catalog, string database, IReadOnlySet<string> names, CancellationToken cancellationToken)
    {
        var tables = (await catalog.ReadTablesAsync(database, null, cancellationToken).ConfigureAwait(false)).Where(t => names.Contains(t.Name)).ToList();
        var definitions = await ReadTablesAsync(catalog, database, [.. tables.Where(t => t.IsBaseTable)], null, withText: false, cancellationToken).ConfigureAwait(false);
        var found = new Dictionary<string, TableDefinition?>(catalog.Names);
        foreach (var table in tables.Where(t => !t.IsBaseTable))
        {
            found[table.Name] = null;
        }

        foreach (var definition in definitions)
        {
            found[definition.Name.Name] = definition;
        }

        return found;
    }

    // A table that is dropped between these queries is left out, as if it had been dropped before the first.
    private static async Task<List<TableDefinition>> ReadTablesAsync(
        CatalogReader catalog, string database, IReadOnlyList<CatalogTable> tables, string? only, bool withText, CancellationToken cancellationToken)
    {
        var definitions = new List<TableDefinition>(tables.Count);
        if (tables.Count == 0)
        {
            return definitions;
        }

        var columns = await catalog.ReadColumnsAsync(database, only, cancellationToken).ConfigureAwait(false);
        var parts = await catalog.ReadKeyPartsAsync(database, only, cancellationToken).ConfigureAwait(false);
        var texts = withText ? await catalog.ReadCreatesAsync(database, [.. tables.Select(t => t.Name)], cancellationToken).ConfigureAwait(false) : null;
        foreach (var table in tables)
        {
            string? createSql = texts is null ? string.Empty : texts.GetValueOrDefault(table.Name);
            if (createSql is not null && columns.TryGetValue(table.Name, out var own))
            {
                definitions.Add(TableDefinitionBuilder.Build(database, table, own, parts.GetValueOrDefault(table.Name, []), createSql));
            }
        }

        return definitions;
    }
}
