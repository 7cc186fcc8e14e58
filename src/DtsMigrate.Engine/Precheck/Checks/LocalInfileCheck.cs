namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>The destination accepts LOAD DATA LOCAL, the fast path of full data migration.</summary>
internal sealed class LocalInfileCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "LocalInfile";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Settings;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.Task.MigrationTypes.HasFlag(Tasks.MigrationTypes.Full);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        Finding finding = context.Destination.Facts!.LocalInfile
            ? Finding.Passed("destination", "local_infile is ON.")
            : Finding.Warning("destination", "local_infile is OFF: rows are copied by INSERT statements, which is slower.", "Set it ON for the time of the migration.", "SET GLOBAL local_infile = ON;");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
