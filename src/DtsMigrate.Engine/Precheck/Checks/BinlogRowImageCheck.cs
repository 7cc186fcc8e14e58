namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>binlog_row_image is FULL.</summary>
internal sealed class BinlogRowImageCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogRowImage";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string image = context.Source.Variable("binlog_row_image");
        Finding finding = image.Equals("FULL", StringComparison.OrdinalIgnoreCase)
            ? Finding.Passed("source", "binlog_row_image is FULL.")
            : Finding.Failed("source", $"binlog_row_image is {image}; FULL is required.", "Set it, and let sessions that were open before reconnect.", "SET GLOBAL binlog_row_image = 'FULL';");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
