namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>gtid_mode is ON, or OFF with positions by file.</summary>
internal sealed class GtidModeCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "GtidMode";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string mode = context.Source.Variable("gtid_mode").ToUpperInvariant();
        Finding finding = mode switch
        {
            "ON" => Finding.Passed("source", "gtid_mode is ON."),
            "OFF" or "" when context.Task.Source.OtherHosts is not null => Finding.Failed(
                "source",
                "gtid_mode is OFF, and the source has other hosts: its place in the binary log would not hold on any of them.",
                "Turn GTIDs on, or take source.otherHosts out of the task."),
            "OFF" or "" => Finding.Warning(
                "source",
                "gtid_mode is OFF: the task keeps its place by binary log file and offset, which do not hold on another server after a failover.",
                "Turn GTIDs on if the source may fail over during the task."),
            _ => Finding.Failed("source", $"gtid_mode is {mode}; some transactions have a GTID and some have not.", "Finish the change to ON or OFF first."),
        };
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
