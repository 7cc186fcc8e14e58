namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination takes the largest row that the source can hold.</summary>
internal sealed class MaxAllowedPacketCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "MaxAllowedPacket";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasRows;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        long source = context.Source.Facts!.MaxAllowedPacket;
        long destination = context.Destination.Facts!.MaxAllowedPacket;
        Finding finding = destination < source
            ? Finding.Warning("destination", $"max_allowed_packet is {destination} at the destination and {source} at the source: a larger row stops the task.", "Raise it at the destination.", $"SET GLOBAL max_allowed_packet = {source};")
            : Finding.Passed("destination", $"max_allowed_packet is {destination} bytes.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
