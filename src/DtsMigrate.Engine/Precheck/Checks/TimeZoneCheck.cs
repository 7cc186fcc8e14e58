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
        if (InForce(source).Equals(InForce(destination), StringComparison.OrdinalIgnoreCase))
        {
            return Finding.Passed("destination", $"Both servers are in the time zone {Show(source)}.");
        }

        return Finding.Warning(
            "destination",
            $"time_zone is {Show(source)} at the source and {Show(destination)} at the destination. Stored values are migrated exactly; NOW() and TIMESTAMP columns will show other local times to sessions that do not set a zone.",
            "Give the destination the source's time zone before applications use it.",
            source.Set.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase) ? null : $"SET GLOBAL time_zone = '{source.Set}';");
    }

    private static string InForce((string Set, string System) zone)
    {
        string name = zone.Set.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase) ? zone.System : zone.Set;
        return name is "UTC" or "GMT" or "Etc/UTC" or "+00:00" or "-00:00" ? "UTC" : name;
    }

    private static string Show((string Set, string System) zone) => zone.Set.Equals("SYSTEM", StringComparison.OrdinalIgnoreCase) ? $"SYSTEM ({zone.System})" : zone.Set;
}
