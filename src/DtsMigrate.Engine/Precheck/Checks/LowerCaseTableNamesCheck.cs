namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>No two tables become one, and names keep their case.</summary>
internal sealed class LowerCaseTableNamesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "LowerCaseTableNames";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        int source = context.Source.Facts!.LowerCaseTableNames;
        int destination = context.Destination.Facts!.LowerCaseTableNames;
        var names = destination == 0 ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        Finding[] collisions = [.. context.Routes!
            .GroupBy(r => r.Destination.ToString(), names)
            .Where(g => g.Count() > 1)
            .Select(g => Finding.Failed(g.Key, $"{string.Join(" and ", g.Select(r => r.Source.ToString()))} become one table on the destination (lower_case_table_names={destination}).", "Give one of them another name with \"to\"."))];
        if (collisions.Length > 0)
        {
            return Task.FromResult<IReadOnlyList<Finding>>(collisions);
        }

        // 1 stores names in lower case: what has capitals on the source is called otherwise there.
        string[] changed = destination == 1 ? [.. context.Routes!.Select(r => r.Destination.ToString()).Where(n => n.Any(char.IsUpper))] : [];
        Finding finding = changed.Length > 0
            ? Finding.Warning("destination", $"The destination stores names in lower case: {Finding.List(changed)}.", "Make sure that applications find the tables under those names.")
            : Finding.Passed("both", $"lower_case_table_names is {source} at the source and {destination} at the destination; no names collide.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
