using DtsMigrate.Engine.Schema.StoredObjects;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Every view can be used on the source: one that has lost a table or a column cannot be created anywhere.</summary>
internal sealed class InvalidViewsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "InvalidViews";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var views = (await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false)).Where(o => o.Kind == StoredObjectKind.View).ToList();
        foreach (var view in views)
        {
            if (await StoredObjectMigrator.WhyInvalidAsync(context.Source.Session, view.Name, cancellationToken).ConfigureAwait(false) is { } words)
            {
                findings.Add(Finding.Warning(view.Name.ToString(), $"View {view.Name} cannot be used on the source and is left out: {words}", "Mend or drop it.", $"DROP VIEW {view.Name.ToSql()};"));
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("source", $"{views.Count} views can be used.")];
    }
}
