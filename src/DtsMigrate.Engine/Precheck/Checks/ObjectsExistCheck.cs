using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Every selected object exists on the source. Reads the definitions that later checks judge.</summary>
internal sealed class ObjectsExistCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ObjectsExist";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool Provides => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableDefinition> tables;
        try
        {
            // Before 8.0 foreign keys are seen in the texts only.
            bool needsText = !context.Source.Version.IsAtLeast(8);
            tables = await SchemaReader.ReadSelectedAsync(context.Source.Session, context.Task, context.Selection, needsText, cancellationToken).ConfigureAwait(false);
            context.ForeignKeys = await PrecheckForeignKey.ReadAsync(context.Source.Session, tables, cancellationToken).ConfigureAwait(false);
        }
        catch (DtsMigrateException e) when (e.Code is "ObjectNotFound" or "ObjectSelectedTwice")
        {
            return [Finding.Failed(e.Target ?? "source", e.Message, e.RecommendedAction!)];
        }

        var selection = context.Selection;
        TableRoute[] routes = [.. tables.Select((t, i) => new TableRoute(i + 1, t, selection.Map(t.Name)))];
        context.Existing = await ReadExistingAsync(context, routes, cancellationToken).ConfigureAwait(false);
        context.Routes = routes;
        return routes.Length == 0
            ? [Finding.Warning("source", "The selected databases hold no tables.", "Check the names under objects.")]
            : [Finding.Passed("source", $"{routes.Length} tables selected, about {tables.Sum(t => t.EstimatedRows)} rows and {tables.Sum(t => t.EstimatedBytes) >> 20} MiB by the server's estimate.")];
    }

    private static async Task<Dictionary<QualifiedName, TableDefinition>> ReadExistingAsync(PrecheckContext context, TableRoute[] routes, CancellationToken cancellationToken)
    {
        var catalog = await CatalogReader.OpenAsync(context.Destination.Session, cancellationToken).ConfigureAwait(false);
        var existing = new Dictionary<QualifiedName, TableDefinition>();
        foreach (var database in routes.GroupBy(r => r.Destination.Database, catalog.Names))
        {
            var found = await SchemaReader.ReadNamedAsync(catalog, database.Key, database.Select(r => r.Destination.Name).ToHashSet(catalog.Names), cancellationToken).ConfigureAwait(false);
            foreach (var route in database.Where(r => found.ContainsKey(r.Destination.Name)))
            {
                existing[route.Destination] = found[route.Destination.Name] ?? AsView(route.Destination);
            }
        }

        return existing;
    }

    // A view takes the name just as a table does; it has no columns of its own to copy into.
    private static TableDefinition AsView(QualifiedName name) => new()
    {
        Name = name,
        Columns = [],
        UniqueKeys = [],
        Engine = "VIEW",
        CreateSql = string.Empty,
        Hash = string.Empty,
    };
}
