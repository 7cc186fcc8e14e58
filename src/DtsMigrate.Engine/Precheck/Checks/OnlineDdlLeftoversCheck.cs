using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Temporary tables that an online DDL tool has left, or is working on, are known.</summary>
internal sealed class OnlineDdlLeftoversCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "OnlineDdlLeftovers";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var selection = context.Selection;
        var triggers = await context.Source.Session.QueryRowsAsync(
            "SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE TRIGGER_NAME LIKE 'pt\\_osc\\_%'", cancellationToken).ConfigureAwait(false);
        if (selection.OnlineDdl.Adapts)
        {
            string databases = string.Join(',', context.Task.Objects.Select(o => SqlText.Literal(o.Name)));
            var there = await context.Source.Session.QueryRowsAsync(
                $"SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE='BASE TABLE' AND TABLE_SCHEMA IN ({databases})", cancellationToken).ConfigureAwait(false);
            return [JudgeLeftOut([.. there.Select(t => new QualifiedName(t.GetString(0), t.GetString(1))).Where(selection.IsTemporary)], context.Task.MigrationTypes.HasFlag(MigrationTypes.Full))];
        }

        var altered = triggers.Select(t => new QualifiedName(t.GetString(0), t.GetString(1))).Where(selection.Selects).ToHashSet();
        return [Judge([.. context.Routes!.Select(r => r.Source)], altered)];
    }

    /// <summary>Judges the tables that are left out because of their names.</summary>
    /// <param name="tables">Tables of the source.</param>
    /// <param name="copies">The task copies rows, so that it can copy a table again.</param>
    internal static Finding JudgeLeftOut(IReadOnlyCollection<QualifiedName> tables, bool copies)
    {
        string[] names = [.. tables.Select(t => t.ToString()).Order(StringComparer.Ordinal)];
        return names.Length == 0
            ? Finding.Passed("source", "No table is left out as a temporary table of an online DDL tool.")
            : Finding.Warning(
                names[0],
                $"Left out by option onlineDdl, for they are named as temporary tables of online DDL tools: {Finding.List(names)}. "
                + (copies ? "Where a tool is at work on one, its table is copied again when the tool swaps the names." : "Where a tool is at work on one, the task stops when the tool swaps the names, for it cannot copy the table again."),
                "Let the tool end before the migration starts. A table that only looks like one is migrated when it has an entry of its own under objects.");
    }

    /// <summary>Judges names of tables, and those that carry triggers of pt-online-schema-change.</summary>
    internal static Finding Judge(IReadOnlyCollection<QualifiedName> tables, IReadOnlySet<QualifiedName> altered)
    {
        var all = tables.ToHashSet();

        // A table of the base name beside it tells a leftover from a name that happens to look like one; the endings of gh-ost happen to nobody.
        string[] names = [.. tables.Where(t => BaseOf(t.Name) is { } name && (t.Name.EndsWith("_gho", StringComparison.Ordinal) || t.Name.EndsWith("_ghc", StringComparison.Ordinal) || all.Contains(t with { Name = name })))
            .Select(t => t.ToString()).Order(StringComparer.Ordinal)];
        string[] running = [.. altered.Select(t => t.ToString()).Order(StringComparer.Ordinal)];
        return names.Length + running.Length == 0
            ? Finding.Passed("source", "No selected table is a leftover of an online DDL tool.")
            : Finding.Warning(
                names.Concat(running).First(),
                (names.Length > 0 ? $"Tables named as temporary tables of online DDL tools are migrated like all others: {Finding.List(names)}. " : string.Empty)
                + (running.Length > 0 ? $"pt-online-schema-change is changing, or has left its triggers on: {Finding.List(running)}." : string.Empty).TrimEnd(),
                "Let the tool end, or drop what it has left, before the migration starts.");
    }

    /// <summary>The table that a temporary table of gh-ost, pt-online-schema-change or a service of that kind stands for; null when the name is not of that form.</summary>
    internal static string? BaseOf(string name)
    {
        string? ending = name.StartsWith('_') ? Array.Find(Endings, e => name.EndsWith(e, StringComparison.Ordinal)) : null;
        return ending is not null && name.Length > ending.Length + 1 ? name[1..^ending.Length] : null;
    }

    private static readonly string[] Endings = ["_gho", "_ghc", "_new", "_old", "_del"];
}
