using System.Globalization;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination knows the time zones of the events' schedules, and its own is the source's where they say SYSTEM.</summary>
internal sealed class EventTimeZonesCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "EventTimeZones";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema && context.Task.Options.MigrateEvents;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var events = (await context.Objects.ReadAsync(cancellationToken).ConfigureAwait(false)).Where(o => o.Kind == StoredObjectKind.Event).ToList();
        var findings = new List<Finding>();
        foreach (var zone in events.GroupBy(e => e.TimeZone!, StringComparer.Ordinal))
        {
            string[] names = [.. zone.Select(e => e.Name.ToString())];
            try
            {
                var rows = await context.Destination.Session.QueryRowsAsync(
                    string.Create(CultureInfo.InvariantCulture, $"SELECT CONVERT_TZ('2020-01-01 00:00:00', '+00:00', {SqlText.Literal(zone.Key)})"), cancellationToken).ConfigureAwait(false);
                if (rows[0].IsNull(0))
                {
                    findings.Add(Finding.Failed(names[0], $"The destination does not know the time zone {zone.Key} of the events {Finding.List(names)}.", "Load the time zone tables on the destination: mysql_tzinfo_to_sql."));
                }
            }
            catch (MySqlServerException e)
            {
                findings.Add(Finding.Failed(names[0], $"The destination does not know the time zone {zone.Key} of the events {Finding.List(names)}: {e.ServerMessage}", "Load the time zone tables on the destination: mysql_tzinfo_to_sql."));
            }

            string ours = context.Source.Variable("system_time_zone");
            string theirs = context.Destination.Variable("system_time_zone");
            if (zone.Key == "SYSTEM" && ours != theirs)
            {
                findings.Add(Finding.Warning(names[0], $"Events follow the server's own time zone, which is {ours} on the source and {theirs} on the destination: {Finding.List(names)}.", "They will run at the same local time of another zone. Set the destination's time zone, or alter the events."));
            }
        }

        return findings.Count > 0 ? findings : [Finding.Passed("destination", $"{events.Count} events have schedules that the destination understands.")];
    }
}
