using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination takes the foreign keys, those to incomplete or repeating keys included.</summary>
internal sealed class ForeignKeyReferencesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ForeignKeyReferences";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(Loose([.. context.Routes!.Select(r => r.Definition)], context.ForeignKeys), context.Destination.IsOn("restrict_fk_on_non_standard_key"))]);

    /// <summary>Judges foreign keys that refer to something else than a whole unique key (MySQL 8.4 manual, restrict_fk_on_non_standard_key).</summary>
    internal static Finding Judge(IReadOnlyCollection<string> loose, bool isRestricted) => loose.Count > 0 && isRestricted
        ? Finding.Failed(
            loose.First(),
            $"These foreign keys refer to columns that are no whole unique key, which the destination refuses while restrict_fk_on_non_standard_key is ON: {Finding.List(loose)}.",
            "Set it OFF for the time of the schema migration, or make the referred columns a unique key on the source.",
            "SET GLOBAL restrict_fk_on_non_standard_key = OFF;")
        : Finding.Passed("destination", loose.Count == 0 ? "Every foreign key refers to a whole unique key." : $"The destination takes {loose.Count} foreign keys that refer to columns that are no whole unique key.");

    /// <summary>Foreign keys of selected tables to selected tables whose columns are no unique key there.</summary>
    internal static IReadOnlyList<string> Loose(IReadOnlyList<TableDefinition> tables, IReadOnlyList<PrecheckForeignKey> keys)
    {
        var byName = tables.ToDictionary(t => t.Name);
        return [.. keys
            .Where(k => byName.TryGetValue(k.Key.Parent, out var parent)
                && !parent.UniqueKeys.Any(u => u.IsPlain && u.Columns.Count == k.Key.ParentColumns.Count && u.Columns.All(c => k.Key.ParentColumns.Contains(c.Name, StringComparer.OrdinalIgnoreCase))))
            .Select(k => $"{k.Child} ({k.Key.Name})")];
    }
}
