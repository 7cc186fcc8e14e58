namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The source writes a binary log.</summary>
internal sealed class BinlogEnabledCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogEnabled";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var server = context.Source;
        Finding finding = !server.IsOn("log_bin")
            ? Finding.Failed("source", "log_bin is OFF; incremental migration reads the binary log.", "Restart the source with --log-bin, or leave incremental migration out.")
            : Finding.Passed("source", "log_bin is ON.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
