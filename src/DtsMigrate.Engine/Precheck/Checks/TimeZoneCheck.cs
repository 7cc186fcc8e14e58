using DtsMigrate.Engine.Connections;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Both servers are in one time zone.</summary>
internal sealed class TimeZoneCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "TimeZone";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge((context.Source.Variable("time_zone"), context.Source.Variable("system_time_zone")), (context.Destination.Variable("time_zone"), context.Destination.Variable("system_time_zone")))]);

    /// <summary>Judges time_zone and system_time_zone of both servers.</summary>
    internal static Finding Judge((string Set, string System) source, (string Set, string System) destination)
    {
        if (ServerTimeZone.InForce(source.Set, source.System).Equals(ServerTimeZone.InForce(destination.Set, destination.System), StringComparison.OrdinalIgnoreCase))
        {
            return Finding.Passed("destination", $"Both servers are in the time zone {ServerTimeZone.Show(source.Set, source.System)}.");
        }

        return Finding.Warning(
            "destination",
            $"time_zone is {ServerTimeZone.Show(source.Set, source.System)} at the source and {ServerTimeZone.Show(destination.Set, destination.System)} at the destination. Stored values are migrated exactly; NOW() and TIMESTAMP columns will show other local times to sessions that do not set a zone.",
            "Give the destination the source's time zone before applications use it.",
            ServerTimeZone.IsSystem(source.Set) ? null : $"SET GLOBAL time_zone = '{source.Set}';");
    }
}
