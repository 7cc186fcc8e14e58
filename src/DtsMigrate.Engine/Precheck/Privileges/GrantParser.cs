using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Precheck.Privileges;

/// <summary>Reads lines of SHOW GRANTS by tokens: <c>GRANT privileges ON object TO account</c> and <c>REVOKE privileges ON object FROM account</c>.</summary>
internal static class GrantParser
{
    /// <summary>The grant of a line; null for lines about roles, proxies and routines.</summary>
    public static Grant? Parse(string line)
    {
        var tokens = new SqlTokens(line);
        bool isRevoke = tokens.IsWord(0, "REVOKE");
        if (!isRevoke && !tokens.IsWord(0, "GRANT"))
        {
            return null;
        }

        var privileges = new HashSet<string>(StringComparer.Ordinal);
        int at = 1;
        while (ReadPrivilege(tokens, ref at) is { } privilege)
        {
            // A privilege on some columns does not do for the table.
            if (tokens.IsSymbol(at, '('))
            {
                SkipParentheses(tokens, ref at);
            }
            else
            {
                privileges.Add(privilege);
            }

            if (!tokens.IsSymbol(at, ','))
            {
                break;
            }

            at++;
        }

        if (!tokens.IsWord(at, "ON"))
        {
            return null;
        }

        if (tokens.IsWord(tokens.Count - 2, "GRANT") && tokens.IsWord(tokens.Count - 1, "OPTION"))
        {
            privileges.Add("GRANT OPTION");
        }

        at += tokens.IsWord(at + 1, "TABLE") ? 2 : 1;
        return tokens.IsSymbol(at + 1, '.') && !tokens.IsWord(at, "PROCEDURE") && !tokens.IsWord(at, "FUNCTION")
            ? new Grant(isRevoke, privileges, tokens.IsSymbol(at, '*') ? null : tokens.Name(at), tokens.IsSymbol(at + 2, '*') ? null : tokens.Name(at + 2))
            : null;
    }

    private static string? ReadPrivilege(SqlTokens tokens, ref int at)
    {
        var words = new List<string>();
        while (tokens.Is(at, SqlTokenKind.Word) && !tokens.IsWord(at, "ON") && !tokens.IsWord(at, "TO"))
        {
            words.Add(tokens.Name(at).ToUpperInvariant());
            at++;
        }

        return words.Count == 0 ? null : string.Join(' ', words);
    }

    private static void SkipParentheses(SqlTokens tokens, ref int at)
    {
        while (at < tokens.Count && !tokens.IsSymbol(at, ')'))
        {
            at++;
        }

        at++;
    }
}
