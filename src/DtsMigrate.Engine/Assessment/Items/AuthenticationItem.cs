using DtsMigrate.Engine.Precheck;

namespace DtsMigrate.Engine.Assessment.Items;

/// <summary>Accounts of the task whose authentication plugin the destination does not load, or that is going away.</summary>
internal sealed class AuthenticationItem : IAssessment
{
    /// <inheritdoc/>
    public string Code => "Authentication";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AssessmentFinding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        if (context.Task.Accounts.Count == 0)
        {
            return [];
        }

        var users = await context.Source.Session.QueryRowsAsync("SELECT User, Host, plugin FROM mysql.user", cancellationToken).ConfigureAwait(false);
        var loaded = await context.Destination.Session.QueryRowsAsync("SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE='AUTHENTICATION' AND PLUGIN_STATUS='ACTIVE'", cancellationToken).ConfigureAwait(false);
        var chosen = users.Select(u => (Account: $"{u.GetString(0)}@{u.GetString(1)}", Plugin: u.GetString(2)))
            .Where(u => context.Task.Accounts.Contains("*", StringComparer.Ordinal) || context.Task.Accounts.Contains(u.Account, StringComparer.Ordinal));
        return Judge([.. chosen.Where(u => !IsSystem(u.Account))], loaded.Select(p => p.GetString(0)).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Judges accounts and their plugins by those that the destination has loaded.</summary>
    internal static IReadOnlyList<AssessmentFinding> Judge(IReadOnlyList<(string Account, string Plugin)> accounts, IReadOnlySet<string> loaded) =>
    [
        .. AssessmentFinding.About(
            AssessmentSeverity.Incompatible,
            [.. accounts.Where(a => !loaded.Contains(a.Plugin)).Select(a => $"{a.Account} ({a.Plugin})")],
            "Accounts log in by plugins that the destination has not loaded",
            "Give them a new password with caching_sha2_password on the source, or load the plugin on the destination."),
        .. AssessmentFinding.About(
            AssessmentSeverity.Deprecated,
            [.. accounts.Where(a => loaded.Contains(a.Plugin) && a.Plugin is "mysql_native_password" or "sha256_password").Select(a => $"{a.Account} ({a.Plugin})")],
            "Accounts log in by plugins that are deprecated",
            "Give them a new password with caching_sha2_password."),
    ];

    private static bool IsSystem(string account) => account.StartsWith("mysql.", StringComparison.Ordinal);
}
