namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Changes of JSON documents are logged in a way that can be applied.</summary>
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
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Source.Variable("binlog_row_value_options"))]);

    /// <summary>Judges the setting.</summary>
    internal static Finding Judge(string options) => options.Length == 0
        ? Finding.Passed("source", "binlog_row_value_options is empty: changes of JSON documents are logged whole.")
        : options.Equals("PARTIAL_JSON", StringComparison.OrdinalIgnoreCase)
            ? Finding.Passed("source", "binlog_row_value_options is PARTIAL_JSON: changes of JSON documents are logged in part, and applied so.")
            : Finding.Failed("source", $"binlog_row_value_options is {options}; this release knows PARTIAL_JSON only.", "Take it back, and let sessions that were open before reconnect.", "SET GLOBAL binlog_row_value_options = '';");
}
