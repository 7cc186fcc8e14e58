namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The source writes a binary log, its replicated changes included.</summary>
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
            : !server.IsOn("log_replica_updates") && !server.IsOn("log_slave_updates")
                ? Finding.Warning("source", "log_replica_updates is OFF: changes that this source itself receives by replication are not in its binary log and would not be migrated.", "Set log_replica_updates=ON and restart the source, if it is a replica.")
                : Finding.Passed("source", "log_bin is ON.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
