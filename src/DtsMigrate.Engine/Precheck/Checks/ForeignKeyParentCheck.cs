using DtsMigrate.Engine.Schema;

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
        foreach (var parent in context.ForeignKeys.Where(k => !parents.IsSelected(k.Key.Parent)).GroupBy(k => k.Key.Parent))
        {
            var found = await catalog.ReadTablesAsync(parent.Key.Database, parent.Key.Name, cancellationToken).ConfigureAwait(false);
            findings.AddRange(parent.Select(k => found.Count == 0
                ? Finding.Failed(k.Child.ToString(), $"Foreign key {k.Key.Name} of {k.Child} refers to {parent.Key}, which is neither selected nor on the destination.", $"Select {parent.Key} as well.")
                : Finding.Warning(k.Child.ToString(), $"Foreign key {k.Key.Name} of {k.Child} refers to {parent.Key}, which is not selected; the destination's own table of that name becomes the parent.", $"Make sure that it holds the rows that {k.Child} refers to.")));
        }

        return findings.Count > 0 ? findings : [Finding.Passed("source", "Every foreign key's parent is selected.")];
    }
}
