namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>binlog_format is ROW.</summary>
internal sealed class BinlogFormatCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogFormat";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string format = context.Source.Variable("binlog_format");
        Finding finding = format.Equals("ROW", StringComparison.OrdinalIgnoreCase)
            ? Finding.Passed("source", "binlog_format is ROW. A session that sets another one for itself stops the task at its first change.")
            : Finding.Failed("source", $"binlog_format is {format}; ROW is required.", "Set it, and let sessions that were open before reconnect.", "SET GLOBAL binlog_format = 'ROW';");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
