using DtsMigrate.Engine.Precheck.Privileges;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>What the destination offers to accounts, and what its own account may give them.</summary>
/// <param name="OwnName">The account of the session, as <c>user@host</c>.</param>
/// <param name="Own">What it may do.</param>
/// <param name="MayGiveProxies">It may grant PROXY on any account.</param>
/// <param name="Privileges">Privileges that the server has, in upper case.</param>
/// <param name="Plugins">Authentication plugins that are active.</param>
/// <param name="Existing">Accounts as SQL; empty when they cannot be listed.</param>
internal sealed record DestinationAccounts(
    string OwnName, AccountPrivileges Own, bool MayGiveProxies, IReadOnlySet<string> Privileges, IReadOnlySet<string> Plugins, IReadOnlySet<string> Existing)
{
    /// <summary>Both servers are of one release series, so that they print the same account in the same words.</summary>
    public bool PrintsAlike { get; init; }

    /// <summary>partial_revokes is ON: global privileges may be taken away for a database, and names of databases in grants are no patterns.</summary>
    public bool HasPartialRevokes { get; init; }

    /// <summary>authentication_policy; null before 8.0.27.</summary>
    public string? AuthenticationPolicy { get; init; }

    /// <summary>mandatory_roles, as SQL.</summary>
    public IReadOnlyList<string> MandatoryRoles { get; init; } = [];

    /// <summary>Reads them.</summary>
    public static async Task<DestinationAccounts> ReadAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var settings = await AccountSettings.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        var own = await AccountPrivileges.ReadAsync(
            session, hasPatterns: !settings.HasPartialRevokes, settings.HasCase ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase, cancellationToken).ConfigureAwait(false);
        var lines = await session.QueryRowsAsync("SHOW GRANTS", cancellationToken).ConfigureAwait(false);
        bool proxies = lines.Select(l => GrantLine.Parse(l.GetString(0))).Any(l => l is { Kind: GrantKind.Proxy, HasOption: true } && l.Account is "``@``" or "''@''");
        var privileges = await session.QueryRowsAsync("SHOW PRIVILEGES", cancellationToken).ConfigureAwait(false);
        var plugins = await session.QueryRowsAsync(
            "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_TYPE='AUTHENTICATION' AND PLUGIN_STATUS='ACTIVE'", cancellationToken).ConfigureAwait(false);
        return new DestinationAccounts(
            settings.Account,
            own,
            proxies,
            privileges.Select(p => p.GetString(0).ToUpperInvariant()).ToHashSet(StringComparer.Ordinal),
            plugins.Select(p => p.GetString(0)).ToHashSet(StringComparer.OrdinalIgnoreCase),
            await ListAsync(session, cancellationToken).ConfigureAwait(false))
        {
            HasPartialRevokes = settings.HasPartialRevokes,
            AuthenticationPolicy = settings.AuthenticationPolicy,
            MandatoryRoles = settings.MandatoryRoles,
        };
    }

    private static async Task<IReadOnlySet<string>> ListAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await session.QueryRowsAsync("SELECT User, Host FROM mysql.user", cancellationToken).ConfigureAwait(false);
            return rows.Select(r => new AccountName(r.GetString(0), r.GetString(1)).ToSql()).ToHashSet(StringComparer.Ordinal);
        }
        catch (MySqlServerException)
        {
            // An account that may not list accounts: roles count as there only when they are selected.
            return new HashSet<string>();
        }
    }
}
