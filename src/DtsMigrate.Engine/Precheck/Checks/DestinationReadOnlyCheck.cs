namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination may be written.</summary>
internal sealed class DestinationReadOnlyCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "DestinationReadOnly";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        string[] on = [.. ((string[])["read_only", "super_read_only", "innodb_read_only", "transaction_read_only"]).Where(context.Destination.IsOn)];
        Finding finding = on.Length > 0
            ? Finding.Failed("destination", $"{string.Join(" and ", on)} is ON at the destination.", "Set it OFF. Make sure that the destination is not a replica in use.", "SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF;")
            : Finding.Passed("destination", "The destination is not read-only.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
