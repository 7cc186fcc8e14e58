using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination has every collation that the selected tables use.</summary>
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
        var known = rows.Select(r => DestinationTableCheck.NormalizeCharset(r.GetString(0))!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] missing = [.. context.Routes!
            .SelectMany(r => r.Definition.Columns.Select(c => (Table: r.Source, c.Collation)).Append((Table: r.Source, r.Definition.Collation)))
            .Where(u => u.Collation is not null && !known.Contains(DestinationTableCheck.NormalizeCharset(u.Collation)!))
            .Select(u => $"{u.Collation} ({u.Table})")
            .Distinct(StringComparer.Ordinal)];
        return missing.Length > 0
            ? [Finding.Failed("destination", $"The destination does not have these collations: {Finding.List(missing)}.", "Change the columns on the source to a collation that both servers have.")]
            : [Finding.Passed("destination", "The destination has every collation in use.")];
    }
}
