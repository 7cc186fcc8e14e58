namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Source and destination are two servers.</summary>
internal sealed class SameServerCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "SameServer";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Connectivity;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string uuid = context.Source.Facts!.ServerUuid;
        Finding finding = uuid.Equals(context.Destination.Facts!.ServerUuid, StringComparison.OrdinalIgnoreCase)
            ? Finding.Failed(
                "destination",
                $"Source and destination are the same server (server_uuid {uuid}).",
                "Correct host or port of one side. If two servers were made from one copy of a data directory, remove auto.cnf from one and restart it.")
            : Finding.Passed("destination", "Source and destination are different servers.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
