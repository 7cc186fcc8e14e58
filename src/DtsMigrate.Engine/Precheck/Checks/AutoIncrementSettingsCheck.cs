namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>New rows get the same steps of AUTO_INCREMENT on both servers.</summary>
internal sealed class AutoIncrementSettingsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "AutoIncrementSettings";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(Values(context.Source), Values(context.Destination))]);

    /// <summary>Judges auto_increment_increment and auto_increment_offset of both servers.</summary>
    internal static Finding Judge((string Increment, string Offset) source, (string Increment, string Offset) destination) => source == destination
        ? Finding.Passed("destination", $"auto_increment_increment is {source.Increment} and auto_increment_offset {source.Offset} on both servers.")
        : Finding.Warning(
            "destination",
            $"auto_increment_increment and auto_increment_offset are {source.Increment} and {source.Offset} at the source, {destination.Increment} and {destination.Offset} at the destination. Migrated rows keep their values; new ones get others.",
            "Give the destination the source's values, unless several servers are written there.",
            $"SET GLOBAL auto_increment_increment = {source.Increment}, GLOBAL auto_increment_offset = {source.Offset};");

    private static (string Increment, string Offset) Values(PrecheckServer server) => (server.Variable("auto_increment_increment"), server.Variable("auto_increment_offset"));
}
