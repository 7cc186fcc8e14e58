namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Transactions are logged uncompressed.</summary>
internal sealed class BinlogTransactionCompressionCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogTransactionCompression";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        Finding finding = context.Source.IsOn("binlog_transaction_compression")
            ? Finding.Failed("source", "binlog_transaction_compression is ON; compressed transactions cannot be read by this version.", "Set it OFF, and let sessions that were open before reconnect.", "SET GLOBAL binlog_transaction_compression = OFF;")
            : Finding.Passed("source", "binlog_transaction_compression is OFF.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
