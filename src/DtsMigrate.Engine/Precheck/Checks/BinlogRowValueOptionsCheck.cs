namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>JSON updates are logged in full.</summary>
internal sealed class BinlogRowValueOptionsCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogRowValueOptions";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string options = context.Source.Variable("binlog_row_value_options");
        Finding finding = options.Length == 0
            ? Finding.Passed("source", "binlog_row_value_options is empty.")
            : Finding.Failed("source", $"binlog_row_value_options is {options}; partial JSON updates cannot be applied by this version.", "Set it empty, and let sessions that were open before reconnect.", "SET GLOBAL binlog_row_value_options = '';");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
