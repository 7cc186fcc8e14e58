namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>innodb_strict_mode is the same on both servers.</summary>
internal sealed class InnodbStrictModeCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "InnodbStrictMode";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasSchema;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Source.IsOn("innodb_strict_mode"), context.Destination.IsOn("innodb_strict_mode"))]);

    /// <summary>Judges the setting of both servers.</summary>
    internal static Finding Judge(bool source, bool destination) => (source, destination) switch
    {
        (false, true) => Finding.Warning(
            "destination",
            "innodb_strict_mode is OFF at the source and ON at the destination: a table whose ROW_FORMAT, KEY_BLOCK_SIZE or row length the source has taken with a warning is refused there.",
            "Set it OFF for the time of the schema migration.",
            "SET GLOBAL innodb_strict_mode = OFF;"),
        (true, false) => Finding.Warning(
            "destination",
            "innodb_strict_mode is ON at the source and OFF at the destination: table options that cannot be had there are changed with a warning, which the log shows.",
            "Set it ON.",
            "SET GLOBAL innodb_strict_mode = ON;"),
        _ => Finding.Passed("destination", $"innodb_strict_mode is {(source ? "ON" : "OFF")} on both servers."),
    };
}
