namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Both versions are supported, and the destination is not older than the source.</summary>
internal sealed class VersionCheck : IPrecheck
{
    private readonly bool _isSource;

    /// <summary>Creates the check for one side.</summary>
    public VersionCheck(bool isSource) => _isSource = isSource;

    /// <inheritdoc/>
    public string Code => _isSource ? "SourceVersion" : "DestinationVersion";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.Connectivity;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => _isSource ? PrecheckNeeds.Source : PrecheckNeeds.Source | PrecheckNeeds.Destination;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var server = _isSource ? context.Source : context.Destination;
        var (source, own) = (context.Source.Version, server.Version);
        Finding finding =
            !own.IsAtLeast(5, 7) ? Finding.Failed(server.Role, $"MySQL {own.Text} is too old; 5.7 is the first supported.", "Upgrade the server.")
            : own.Major > 9 ? Finding.Warning(server.Role, $"MySQL {own.Text} is newer than the versions that this release was made for (5.7 to 9.x).", "Use the newest release of DtsMigrate.")
            : !_isSource && (own.Major, own.Minor).CompareTo((source.Major, source.Minor)) < 0
                ? Finding.Failed(server.Role, $"The destination's MySQL {own.Text} is older than the source's {source.Text}.", $"Use a destination of version {source.Major}.{source.Minor} or later.")
            : Finding.Passed(server.Role, $"MySQL {own.Text}.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
