using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Names what the selection covers and this version does not migrate.</summary>
internal sealed class ObjectTypesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ObjectTypes";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await UnmigratedObjects.ReadAsync(context.Source.Session, context.Selection, cancellationToken).ConfigureAwait(false);
        if (objects.Count == 0)
        {
            return [Finding.Passed("source", "The selection holds tables only, as far as the account sees.")];
        }

        string counts = string.Join(", ", objects.GroupBy(o => o.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}"));
        return [Finding.Warning("source", $"This version migrates tables only. Not migrated: {counts}: {Finding.List([.. objects.Select(o => o.ToString())])}.", "Create them on the destination after the migration, triggers and events last.")];
    }
}
