using DtsMigrate.Engine.Schema.StoredObjects;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination will run the events.</summary>
internal sealed class EventSchedulerCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "EventScheduler";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && context.Task.Options.MigrateEvents;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var objects = await context.Objects.ListAsync(cancellationToken).ConfigureAwait(false);
        return [Judge(objects.Count(o => o is { Kind: StoredObjectKind.Event, Detail: "ENABLED" }), context.Source.Variable("event_scheduler"), context.Destination.Variable("event_scheduler"))];
    }

    /// <summary>Judges the number of enabled events and event_scheduler of both servers.</summary>
    internal static Finding Judge(int events, string source, string destination) => events == 0 || destination.Equals("ON", StringComparison.OrdinalIgnoreCase)
        ? Finding.Passed("destination", events == 0 ? "No event of the task is enabled." : "event_scheduler is ON at the destination.")
        : Finding.Warning(
            "destination",
            $"event_scheduler is {destination} at the destination and {source} at the source: {events} enabled events will not run there.",
            "Set it ON when applications use the destination; a value of DISABLED needs a restart.",
            destination.Equals("DISABLED", StringComparison.OrdinalIgnoreCase) ? null : "SET GLOBAL event_scheduler = ON;");
}
