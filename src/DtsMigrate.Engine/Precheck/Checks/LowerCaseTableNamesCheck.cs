using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>No two names become one through mapping or case, and names keep their letters.</summary>
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
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        int source = context.Source.Facts!.LowerCaseTableNames;
        int destination = context.Destination.Facts!.LowerCaseTableNames;
        var selection = context.Selection;
        var objects = context.HasSchema ? await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false) : [];
        var findings = FindCollisions(context, selection, objects, destination == 0 ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase).ToList();
        if (findings.Count > 0)
        {
            return findings;
        }

        var letters = selection.Letters;
        string[] changed = [.. context.Routes!.Where(r => selection.Map(r.Source).Name != r.Source.Name && selection.Map(r.Source).Name.Equals(r.Source.Name, StringComparison.OrdinalIgnoreCase)).Select(r => r.Destination.ToString())];
        if (changed.Length > 0 || letters.Columns != LetterCase.AsIs)
        {
            string columns = letters.Columns == LetterCase.AsIs ? string.Empty : $" Columns of tables are written in {(letters.Columns == LetterCase.Upper ? "upper" : "lower")} case.";
            string tables = changed.Length == 0 ? string.Empty : $"The letters of names change: {Finding.List(changed)}.";
            findings.Add(Finding.Warning("destination", (tables + columns).TrimStart(), "Make sure that applications find the objects under those names, or choose another capitalization."));
        }

        // Names of tables in a body are rewritten to what the destination stores. Aliases cannot be: which of two spellings is meant is a matter of scope.
        string[] bodies = source == 0 || destination != 0
            ? []
            : [.. objects.Where(o => o.Kind is StoredObjectKind.Function or StoredObjectKind.Procedure or StoredObjectKind.Trigger or StoredObjectKind.Event).Select(o => o.ToString())];
        if (bodies.Length > 0)
        {
            findings.Add(Finding.Warning("destination", $"The destination distinguishes capital letters in aliases of tables, the source does not: {Finding.List(bodies)}.", "Look for aliases that are written in more than one way in their texts."));
        }

        return findings.Count > 0 ? findings : [Finding.Passed("both", $"lower_case_table_names is {source} at the source and {destination} at the destination; no names collide.")];
    }

    private static IEnumerable<Finding> FindCollisions(PrecheckContext context, ObjectSelection selection, IReadOnlyList<StoredObjectName> objects, StringComparer names)
    {
        string because = $"capitalization {context.Task.Options.Capitalization}, lower_case_table_names={context.Destination.Facts!.LowerCaseTableNames}";
        var tables = context.Routes!.Select(r => (Word: "table", r.Source, r.Destination))
            .Concat(objects.Where(o => o.Kind == StoredObjectKind.View).Select(o => (Word: "view", Source: o.Name, Destination: selection.Map(o.Name))));
        foreach (var same in tables.GroupBy(t => t.Destination.ToString(), names).Where(g => g.Count() > 1))
        {
            bool hasView = same.Any(t => t.Word == "view");
            yield return Finding.Failed(
                same.Key,
                $"{string.Join(" and ", same.Select(t => hasView ? $"{t.Word} {t.Source}" : t.Source.ToString()))} become one table on the destination, {same.Key} ({because}).",
                "Give one of them another name with \"to\".");
        }

        foreach (var same in objects.Where(o => o.Kind != StoredObjectKind.View)
            .GroupBy(o => (o.Kind, Name: $"{selection.MapDatabase(o.Name.Database)}.{o.Name.Name}".ToUpperInvariant())).Where(g => g.Select(o => o.Name).Distinct().Count() > 1))
        {
            // Names of triggers are compared with case where those of tables are; all others never.
            if (same.Key.Kind != StoredObjectKind.Trigger || names.Equals("a", "A") || same.GroupBy(o => (selection.MapDatabase(o.Name.Database), o.Name.Name)).Any(g => g.Count() > 1))
            {
                yield return Finding.Failed(same.First().ToString(), $"{string.Join(" and ", same)} become one {same.Key.Kind} on the destination ({because}).", "Give one of their databases another name with \"to\".");
            }
        }

        foreach (var same in context.Task.Objects.GroupBy(d => selection.MapDatabase(d.Name), names).Where(g => g.Count() > 1 && g.Select(d => d.To).Distinct(StringComparer.Ordinal).Count() > 1))
        {
            yield return Finding.Failed(same.Key, $"The databases {string.Join(" and ", same.Select(d => d.Name))} become one on the destination, {same.Key} ({because}).", "Give one of them another name with \"to\".");
        }
    }
}
