using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>Settings of a server that say what its accounts and grants mean.</summary>
/// <param name="Account">The account of the session, as <c>user@host</c>.</param>
/// <param name="HasCase">Names of databases differ by their letters' case.</param>
/// <param name="HasPartialRevokes">partial_revokes: names of databases in grants are taken by the letter, else they are patterns.</param>
/// <param name="AuthenticationPolicy">authentication_policy; null before 8.0.27.</param>
/// <param name="MandatoryRoles">mandatory_roles, as SQL: every account has them, and SHOW GRANTS of an account does not print them.</param>
internal sealed record AccountSettings(string Account, bool HasCase, bool HasPartialRevokes, string? AuthenticationPolicy, IReadOnlyList<string> MandatoryRoles)
{
    /// <summary>Reads them.</summary>
    public static async Task<AccountSettings> ReadAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        var version = session.ServerVersion;
        string revokes = version.IsAtLeast(8, 0, 16) ? "@@GLOBAL.partial_revokes" : "0";
        string policy = version.IsAtLeast(8, 0, 27) ? "@@GLOBAL.authentication_policy" : "NULL";
        string roles = version.IsAtLeast(8) ? "@@GLOBAL.mandatory_roles" : "''";
        var row = (await session.QueryRowsAsync($"SELECT CURRENT_USER(), @@lower_case_table_names, {revokes}, {policy}, {roles}", cancellationToken).ConfigureAwait(false))[0];
        return new AccountSettings(row.GetString(0), row.GetString(1) == "0", row.GetString(2) != "0", row.GetStringOrNull(3), RolesOf(row.GetStringOrNull(4) ?? string.Empty));
    }

    /// <summary>Roles of a list as mandatory_roles holds it: names with or without quotes and host.</summary>
    internal static IReadOnlyList<string> RolesOf(string list)
    {
        var parts = new List<string>();
        int from = 0;
        char quote = '\0';
        for (int i = 0; i < list.Length; i++)
        {
            char c = list[i];
            if (quote != '\0' ? c == quote : c is '`' or '\'' or '"')
            {
                quote = quote == '\0' ? c : '\0';
            }
            else if (c == ',' && quote == '\0')
            {
                parts.Add(list[from..i]);
                from = i + 1;
            }
        }

        parts.Add(list[from..]);
        return [.. parts.Select(p => p.Trim()).Where(p => p.Length > 0).Select(p => AccountName.Parse(p)).Select(n => new AccountName(Bare(n.User), Bare(n.Host)).ToSql())];

        static string Bare(string name) => name is ['`' or '\'' or '"', .., _] && name[^1] == name[0] ? name[1..^1].Replace($"{name[0]}{name[0]}", $"{name[0]}", StringComparison.Ordinal) : name;
    }

    /// <summary>Why a server with this authentication_policy refuses an account of these plugins, one per factor; null when it takes it.</summary>
    /// <param name="policy">MySQL manual, "authentication_policy": one element per factor; empty: the factor may be left out; a name: this plugin and no other; <c>*</c>: any.</param>
    /// <param name="plugins">The account's plugins.</param>
    internal static string? WhyRefused(string? policy, IReadOnlyList<string> plugins)
    {
        if (policy is null)
        {
            return null;
        }

        string[] factors = policy.Split(',', StringSplitOptions.TrimEntries);
        bool fits = plugins.Count <= factors.Length && Enumerable.Range(0, factors.Length).All(i =>
            i >= plugins.Count ? factors[i].Length == 0 : factors[i].Length == 0 || factors[i].StartsWith('*') || factors[i] == plugins[i]);
        return fits ? null : $"its {(plugins.Count == 1 ? "factor" : "factors")} {string.Join(", ", plugins)} do not fit the destination's authentication_policy '{policy}'";
    }
}
