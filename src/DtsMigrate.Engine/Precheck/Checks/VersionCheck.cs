using DtsMigrate.MySql.Session;

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
        return Task.FromResult<IReadOnlyList<Finding>>([Judge(server.Role, server.Version, _isSource ? null : context.Source.Version)]);
    }

    /// <summary>Judges a version; the destination's is compared with the source's.</summary>
    internal static Finding Judge(string role, ServerVersion own, ServerVersion? source)
    {
        if (!own.IsAtLeast(5, 7))
        {
            return Finding.Failed(role, $"MySQL {own.Text} is too old; 5.7 is the first supported.", "Upgrade the server.");
        }

        if (source is not null && (own.Major, own.Minor).CompareTo((source.Major, source.Minor)) < 0)
        {
            return Finding.Failed(role, $"The destination's MySQL {own.Text} is older than the source's {source.Text}.", $"Use a destination of version {source.Major}.{source.Minor} or later.");
        }

        return own.Major > 9
            ? Finding.Warning(role, $"MySQL {own.Text} is newer than the versions that this release was made for (5.7 to 9.x).", "Use the newest release of DtsMigrate.")
            : Finding.Passed(role, $"MySQL {own.Text}.");
    }
}
