using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Privileges;

/// <summary>What an account may do, active roles included.</summary>
internal sealed class AccountPrivileges
{
    private readonly IReadOnlyList<Grant> _grants;
    private readonly bool _hasPatterns;
    private readonly StringComparer _names;

    /// <summary>Creates it.</summary>
    /// <param name="account">The account in SQL: <c>'user'@'host'</c>.</param>
    /// <param name="grants">Lines of SHOW GRANTS.</param>
    /// <param name="hasPatterns">Database names in grants are patterns: not with partial_revokes on.</param>
    /// <param name="names">How the server compares names.</param>
    public AccountPrivileges(string account, IEnumerable<string> grants, bool hasPatterns, StringComparer names)
    {
        Account = account;
        _grants = [.. grants.Select(GrantParser.Parse).OfType<Grant>()];
        _hasPatterns = hasPatterns;
        _names = names;
    }

    /// <summary>The account in SQL.</summary>
    public string Account { get; }

    /// <summary>Roles that the account has and that are not active in its sessions, in SQL: their privileges do not count.</summary>
    public IReadOnlyList<string> InactiveRoles { get; init; } = [];

    /// <summary>Reads the privileges of the session's own account.</summary>
    public static Task<AccountPrivileges> ReadAsync(PrecheckServer server, CancellationToken cancellationToken)
    {
        var names = server.Facts is { LowerCaseTableNames: 0 } ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        return ReadAsync(server.Session, !server.IsOn("partial_revokes"), names, cancellationToken);
    }

    /// <summary>Reads the privileges of a session's own account.</summary>
    public static async Task<AccountPrivileges> ReadAsync(MySqlSession session, bool hasPatterns, StringComparer names, CancellationToken cancellationToken)
    {
        bool hasRoles = session.ServerVersion.IsAtLeast(8);
        var who = (await session.QueryRowsAsync(hasRoles ? "SELECT CURRENT_USER(), CURRENT_ROLE()" : "SELECT CURRENT_USER(), 'NONE'", cancellationToken).ConfigureAwait(false))[0];
        string roles = who.GetString(1);
        var lines = await session.QueryRowsAsync(
            roles == "NONE" ? "SHOW GRANTS" : $"SHOW GRANTS FOR CURRENT_USER() USING {roles}", cancellationToken).ConfigureAwait(false);
        string[] active = [.. RolesOf($"GRANT {roles} TO")];
        return new AccountPrivileges(Quote(who.GetString(0)), lines.Select(l => l.GetString(0)), hasPatterns, names)
        {
            InactiveRoles = [.. lines.SelectMany(l => RolesOf(l.GetString(0))).Except(active, StringComparer.Ordinal).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>The roles that a line of SHOW GRANTS grants, in SQL; empty for all other lines.</summary>
    internal static IReadOnlyList<string> RolesOf(string line)
    {
        var tokens = new SqlTokens(line);
        var roles = new List<string>();
        for (int at = 1; tokens.IsWord(0, "GRANT") && tokens.Is(at, SqlTokenKind.QuotedName) && tokens.IsSymbol(at + 1, '@') && tokens.IsName(at + 2); at += 4)
        {
            roles.Add($"{SqlText.Name(tokens.Name(at))}@{SqlText.Name(tokens.Name(at + 2))}");
            if (!tokens.IsSymbol(at + 3, ','))
            {
                return tokens.IsWord(at + 3, "TO") ? roles : [];
            }
        }

        return [];
    }

    /// <summary>True when the privilege holds on the whole server.</summary>
    public bool HasGlobally(string privilege) =>
        _grants.Any(g => g is { IsRevoke: false, Database: null } && g.Names(privilege));

    /// <summary>True when session variables that are restricted may be set (Reference Manual, "System Variable Privileges").</summary>
    public bool MaySetRestricted => HasGlobally("SESSION_VARIABLES_ADMIN") || HasGlobally("SYSTEM_VARIABLES_ADMIN") || HasGlobally("SUPER");

    /// <summary>True when the privilege holds on the whole database.</summary>
    public bool HasOnDatabase(string privilege, string database)
    {
        bool revoked = _grants.Any(g => g.IsRevoke && g.Names(privilege) && _names.Equals(g.Database, database));
        return (HasGlobally(privilege) && !revoked) || EffectiveGrants(database).Any(g => g.Names(privilege));
    }

    /// <summary>True when the privilege holds on the table.</summary>
    public bool HasOnTable(string privilege, QualifiedName table) =>
        HasOnDatabase(privilege, table.Database)
        || _grants.Any(g => g is { IsRevoke: false, Table: not null } && g.Names(privilege) && _names.Equals(g.Database, table.Database) && _names.Equals(g.Table, table.Name));

    /// <summary>
    /// The database in SQL as a further GRANT should name it: as the grant that is in force for it does, because a new and more specific one
    /// would take that out of force.
    /// </summary>
    public string NameForGrant(string database)
    {
        string? inForce = EffectiveGrants(database).FirstOrDefault()?.Database;
        string plain = _hasPatterns
            ? database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            : database;
        return SqlText.Name(inForce ?? plain);
    }

    // MySQL 9 reference, "Access Control, Stage 2": of the grants whose database pattern matches, only the most specific one counts.
    private List<Grant> EffectiveGrants(string database)
    {
        var matching = _grants.Where(g => g is { IsRevoke: false, Database: not null, Table: null } && Matches(g.Database, database)).ToList();
        string? best = matching.MaxBy(g => Specificity(g.Database!))?.Database;
        return matching.FindAll(g => g.Database == best);
    }

    private int Specificity(string pattern)
    {
        for (int i = 0; _hasPatterns && i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] is '%' or '_')
            {
                return i;
            }
        }

        return int.MaxValue;
    }

    private bool Matches(string pattern, string database) => _hasPatterns ? Like(pattern, database) : _names.Equals(pattern, database);

    // LIKE: "_" is one character, "%" any number, and a backslash takes the meaning from either.
    private bool Like(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '%')
            {
                for (int skip = 0; skip <= text.Length; skip++)
                {
                    if (Like(pattern[1..], text[skip..]))
                    {
                        return true;
                    }
                }

                return false;
            }

            if (text.IsEmpty)
            {
                return false;
            }

            bool any = pattern[0] == '_';
            if (pattern[0] == '\\' && pattern.Length > 1)
            {
                pattern = pattern[1..];
            }

            if (!any && !_names.Equals(pattern[..1].ToString(), text[..1].ToString()))
            {
                return false;
            }

            pattern = pattern[1..];
            text = text[1..];
        }

        return text.IsEmpty;
    }

    private static string Quote(string account)
    {
        int at = account.LastIndexOf('@');
        return $"{Text(account[..at])}@{Text(account[(at + 1)..])}";

        // CREATE USER takes no hex literal, so the name is quoted plainly.
        static string Text(string part) => $"'{part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
    }
}
