using System.Globalization;
using DtsMigrate.Engine.Precheck.Privileges;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Counts the views, routines, triggers and events that are migrated, and names those of the selection that are not, or that the account may not see.</summary>
internal sealed class ObjectTypesCheck : IPrecheck
{
    private static readonly string[] Seeing = ["TRIGGER", "EVENT"];

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
        var objects = await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false);
        string counts = string.Join(", ", objects.GroupBy(o => o.Kind).OrderBy(g => g.Key).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key}")));
        var findings = new List<Finding> { Finding.Passed("source", counts.Length == 0 ? "The selection holds tables only." : $"Migrated besides tables: {counts}.") };
        findings.AddRange(await LeftOutAsync(context, cancellationToken).ConfigureAwait(false));
        findings.AddRange(await HiddenAsync(context, cancellationToken).ConfigureAwait(false));
        return findings.Count == 1 ? findings : findings[1..];
    }

    private static async Task<IReadOnlyList<Finding>> LeftOutAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var selection = context.Selection;
        var triggers = await context.Source.Session.QueryRowsAsync("SELECT TRIGGER_SCHEMA, TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS", cancellationToken).ConfigureAwait(false);
        string[] names = [.. triggers
            .Where(t => !selection.SelectsWholeDatabase(t.GetString(0)) && selection.Selects(new QualifiedName(t.GetString(0), t.GetString(2))))
            .Select(t => $"{t.GetString(0)}.{t.GetString(1)}")];
        var findings = new List<Finding>();
        if (names.Length > 0)
        {
            findings.Add(Finding.Warning("source", $"Selecting tables excludes their triggers. Not migrated: {Finding.List(names)}.", "Select the whole databases, or create the triggers on the destination after the migration."));
        }

        if (!context.Task.Options.MigrateEvents)
        {
            var events = await context.Source.Session.QueryRowsAsync("SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS", cancellationToken).ConfigureAwait(false);
            names = [.. events.Where(e => selection.SelectsWholeDatabase(e.GetString(0))).Select(e => $"{e.GetString(0)}.{e.GetString(1)}")];
            if (names.Length > 0)
            {
                findings.Add(Finding.Warning("source", $"The task leaves events out (migrateEvents is false). Not migrated: {Finding.List(names)}.", "Create them on the destination after the migration, or leave migrateEvents at its default."));
            }
        }

        return findings;
    }

    // information_schema shows an account only what it has rights on: triggers and events that it does not see would be left behind without a word.
    private static async Task<IReadOnlyList<Finding>> HiddenAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var account = await AccountPrivileges.ReadAsync(context.Source, cancellationToken).ConfigureAwait(false);
        var findings = new List<Finding>();
        foreach (var database in context.Task.Objects.Where(d => d.All))
        {
            var lacking = new List<string>();
            lacking.AddRange(from privilege in Seeing
                             where !account.HasOnDatabase(privilege, database.Name) && (privilege != "EVENT" || context.Task.Options.MigrateEvents)
                             select privilege);
            bool seesRoutines = account.HasGlobally("SHOW_ROUTINE") || account.HasGlobally("SELECT");
            if (lacking.Count > 0 || !seesRoutines)
            {
                string where = account.NameForGrant(database.Name);
                string grant = (lacking.Count > 0 ? $"GRANT {string.Join(", ", lacking)} ON {where}.* TO {account.Account};" : string.Empty)
                    + (seesRoutines ? string.Empty : context.Source.Version.IsAtLeast(8, 0, 20) ? $"GRANT SHOW_ROUTINE ON *.* TO {account.Account};" : $"GRANT SELECT ON mysql.proc TO {account.Account};");
                findings.Add(Finding.Warning(
                    database.Name,
                    $"The source account may not see all {string.Join(", ", lacking.Select(p => p == "TRIGGER" ? "triggers" : "events").Concat(seesRoutines ? [] : ["routines"]))} of {database.Name}; those that it does not see are not migrated.",
                    "Grant it the rights to see them, if there are any.",
                    grant));
            }
        }

        return findings;
    }
}
