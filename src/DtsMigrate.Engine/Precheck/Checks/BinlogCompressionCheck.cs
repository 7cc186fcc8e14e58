namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Compressed and encrypted binary logs can be read: said, because other tools cannot.</summary>
internal sealed class BinlogCompressionCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogCompression";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Judge(context.Source.IsOn("binlog_transaction_compression"), context.Source.IsOn("binlog_encryption"))]);

    /// <summary>Judges the settings.</summary>
    internal static Finding Judge(bool isCompressed, bool isEncrypted) => Finding.Passed(
        "source",
        (isCompressed ? "binlog_transaction_compression is ON: transactions are unpacked here." : "binlog_transaction_compression is OFF.")
        + (isEncrypted ? " binlog_encryption is ON: the source decrypts what it sends; use TLS for the way." : string.Empty));
}
