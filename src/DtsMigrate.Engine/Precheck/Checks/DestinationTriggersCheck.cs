using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>No trigger on the destination changes what the task writes.</summary>
internal sealed class DestinationTriggersCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "DestinationTriggers";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Objects;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Destination | PrecheckNeeds.Tables;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        if (context.Existing.Count == 0)
        {
            return [Finding.Passed("destination", "No selected table exists on the destination.")];
        }

        var account = await AccountPrivileges.ReadAsync(context.Destination, cancellationToken).ConfigureAwait(false);
        string[] unseen = [.. context.Existing.Keys.Where(t => !account.HasOnTable("TRIGGER", t)).Select(t => t.ToString())];
        var rows = await context.Destination.Session.QueryRowsAsync(
            "SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_STATEMENT FROM information_schema.TRIGGERS", cancellationToken).ConfigureAwait(false);
        Finding[] found = [.. rows
            .Where(r => context.Existing.ContainsKey(new QualifiedName(r.GetString(0), r.GetString(1))) && !TriggerGuard.IsOn(r.GetString(3)))
            .Select(r => Finding.Failed(
                $"{r.GetString(0)}.{r.GetString(1)}",
                $"Trigger {r.GetString(2)} on {r.GetString(0)}.{r.GetString(1)} would fire again for changes whose effects are migrated, too.",
                "Drop the trigger until the migration is over.",
                $"DROP TRIGGER {SqlText.Name(r.GetString(0), r.GetString(2))};"))];
        return found.Length > 0 ? found
            : unseen.Length > 0 ? [Finding.Warning(unseen[0], $"The destination account may not see the triggers of {Finding.List(unseen)}.", "Make sure that they have none, or grant TRIGGER on them.")]
            : [Finding.Passed("destination", "No existing destination table has a trigger.")];
    }
}
