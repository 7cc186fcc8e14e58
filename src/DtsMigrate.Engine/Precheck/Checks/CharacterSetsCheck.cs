using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination has every collation that the selected databases, tables and stored objects use, or that the task puts in its place.</summary>
internal sealed class CharacterSetsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "CharacterSets";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var rows = await context.Destination.Session.QueryRowsAsync("SELECT COLLATION_NAME FROM information_schema.COLLATIONS", cancellationToken).ConfigureAwait(false);
        var catalog = await CatalogReader.OpenAsync(context.Source.Session, cancellationToken).ConfigureAwait(false);
        var selection = context.Selection;
        var databases = await catalog.ReadDatabasesAsync(cancellationToken).ConfigureAwait(false);
        var objects = await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false);
        var others = databases.Where(d => selection.SelectsDatabase(d.Name)).Select(d => (d.Name, (string?)d.Collation))
            .Concat(objects.SelectMany(o => new[] { (o.ToString(), o.ConnectionCollation), (o.ToString(), o.DatabaseCollation) }));
        return [Judge(context.Routes!, rows.Select(r => r.GetString(0)), context.Task.Options.CollationMap, others)];
    }

    /// <summary>Judges the collations of tables and other objects by those that a server has.</summary>
    internal static Finding Judge(IReadOnlyList<TableRoute> routes, IEnumerable<string> collations, CollationMap map, IEnumerable<(string Object, string? Collation)> others)
    {
        var known = collations.Select(c => DestinationTableCheck.NormalizeCharset(c)!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] missing = [.. routes
            .SelectMany(r => r.Definition.Columns.Select(c => c.Collation).Append(r.Definition.Collation).Select(c => (Object: r.Source.ToString(), Collation: c)))
            .Concat(others)
            .Where(u => u.Collation is not null && !known.Contains(DestinationTableCheck.NormalizeCharset(map.Of(u.Collation))!))
            .Select(u => $"{map.Of(u.Collation!)} ({u.Object})")
            .Distinct(StringComparer.Ordinal)];
        return missing.Length > 0
            ? Finding.Failed(
                "destination",
                $"The destination does not have these collations: {Finding.List(missing)}.",
                "Name one that it has instead under the task option collationMap, for example { \"utf8mb4_0900_ai_ci\": \"utf8mb4_unicode_ci\" }, or change the objects on the source.")
            : Finding.Passed("destination", "The destination has every collation in use.");
    }
}
