namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>explicit_defaults_for_timestamp is the same on both servers.</summary>
internal sealed class ExplicitTimestampDefaultsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "ExplicitTimestampDefaults";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Source.IsOn("explicit_defaults_for_timestamp"), context.Destination.IsOn("explicit_defaults_for_timestamp"))]);

    /// <summary>Judges the setting of both servers.</summary>
    internal static Finding Judge(bool source, bool destination) => source == destination
        ? Finding.Passed("destination", $"explicit_defaults_for_timestamp is {(source ? "ON" : "OFF")} on both servers.")
        : Finding.Warning(
            "destination",
            $"explicit_defaults_for_timestamp is {(source ? "ON" : "OFF")} at the source and {(destination ? "ON" : "OFF")} at the destination. Tables are migrated as they are; tables that applications create later get other defaults for TIMESTAMP columns, and NULL means another thing to them.",
            "Give the destination the source's value before applications use it.",
            $"SET GLOBAL explicit_defaults_for_timestamp = {(source ? "ON" : "OFF")};");
}
