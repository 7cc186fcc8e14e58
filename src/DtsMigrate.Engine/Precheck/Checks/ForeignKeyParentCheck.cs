using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Sql;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The parent of every foreign key is selected, or on the destination.</summary>
internal sealed class ForeignKeyParentCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ForeignKeyParent";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var parents = new ForeignKeyParents(context.Routes!, context.Source.Facts!.LowerCaseTableNames != 0);
        var catalog = await CatalogReader.OpenAsync(context.Destination.Session, cancellationToken).ConfigureAwait(false);
        var findings = new List<Finding>();
        foreach (var route in context.Routes!)
        {
            foreach (var key in CreateTableStatement.Parse(route.Definition.CreateSql).ReadForeignKeys(route.Source.Database).Where(k => !parents.IsSelected(k.Parent)))
            {
                var found = await catalog.ReadTablesAsync(key.Parent.Database, key.Parent.Name, cancellationToken).ConfigureAwait(false);
                findings.Add(found.Count == 0
                    ? Finding.Failed(route.Source.ToString(), $"Foreign key {key.Name} of {route.Source} refers to {key.Parent}, which is neither selected nor on the destination.", $"Select {key.Parent} as well.")
                    : Finding.Warning(route.Source.ToString(), $"Foreign key {key.Name} of {route.Source} refers to {key.Parent}, which is not selected; the destination's own table of that name becomes the parent.", $"Make sure that it holds the rows that {route.Source} refers to."));
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("source", "Every foreign key's parent is selected.")];
    }
}
