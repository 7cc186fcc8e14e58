using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;

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
        return [Judge(context.Routes!, rows.Select(r => r.GetString(0)))];
    }

    /// <summary>Judges the collations of tables by those that a server has.</summary>
    internal static Finding Judge(IReadOnlyList<TableRoute> routes, IEnumerable<string> collations)
    {
        var known = collations.Select(c => DestinationTableCheck.NormalizeCharset(c)!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] missing = [.. routes
            .SelectMany(r => r.Definition.Columns.Select(c => c.Collation).Append(r.Definition.Collation).Select(c => (Table: r.Source, Collation: c)))
            .Where(u => u.Collation is not null && !known.Contains(DestinationTableCheck.NormalizeCharset(u.Collation)!))
            .Select(u => $"{u.Collation} ({u.Table})")
            .Distinct(StringComparer.Ordinal)];
        return missing.Length > 0
            ? Finding.Failed("destination", $"The destination does not have these collations: {Finding.List(missing)}.", "Change the columns on the source to a collation that both servers have.")
            : Finding.Passed("destination", "The destination has every collation in use.");
    }
}
