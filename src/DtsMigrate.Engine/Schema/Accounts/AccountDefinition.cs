using System.Text;
using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>An account as its server prints it.</summary>
/// <param name="Name">Name.</param>
/// <param name="CreateSql">SHOW CREATE USER without default roles; holds the hash of the password.</param>
/// <param name="DefaultRoles">The default roles as SQL, or null.</param>
/// <param name="Plugins">Authentication plugins, one per factor.</param>
/// <param name="Grants">SHOW GRANTS.</param>
/// <param name="HasSecondPassword">An old password is still valid beside the new one; null when that cannot be seen.</param>
internal sealed record AccountDefinition(AccountName Name, string CreateSql, string? DefaultRoles, IReadOnlyList<string> Plugins, IReadOnlyList<GrantLine> Grants, bool? HasSecondPassword)
{
    /// <summary>Made by CREATE ROLE: nobody logs in with it.</summary>
    public bool IsRole => CreateSql.Contains(" PASSWORD EXPIRE ACCOUNT LOCK", StringComparison.Ordinal);

    /// <summary>Plugins and hashes in one form for all versions: an older server prints a hash as a string, a newer one in hexadecimal.</summary>
    public string Credentials
    {
        get
        {
            var tokens = new SqlTokens(CreateSql);
            var parts = new List<string>();
            for (int i = 0; i + 1 < tokens.Count; i++)
            {
                if (tokens.IsWord(i, "WITH") && tokens.IsWord(i - 1, "IDENTIFIED"))
                {
                    parts.Add(tokens.Name(i + 1).Trim('\''));
                }
                else if (tokens.IsWord(i, "AS"))
                {
                    string hash = tokens.Name(i + 1);
                    parts.Add(hash.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? hash[2..].ToUpperInvariant() : Convert.ToHexString(Encoding.Latin1.GetBytes(hash.Trim('\''))));
                }
            }

            return string.Join(' ', parts);
        }
    }

    /// <summary>A printed CREATE USER with what REQUIRE says of a certificate quoted in such a way that the server takes it back as it is.</summary>
    public static string QuoteCertificate(string createSql, string subject, string issuer, string cipher)
    {
        foreach (var (word, text) in ((string, string)[])[("SUBJECT", subject), ("ISSUER", issuer), ("CIPHER", cipher)])
        {
            string quoted = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
            int at = text.Length == 0 ? -1 : createSql.IndexOf($" {word} '{text}'", StringComparison.Ordinal);
            if (at >= 0)
            {
                at += word.Length + 3;
                createSql = string.Concat(createSql.AsSpan(0, at), quoted, createSql.AsSpan(at + text.Length));
            }
        }

        return createSql;
    }

    /// <summary>Takes a printed CREATE USER apart.</summary>
    public static AccountDefinition Create(AccountName name, string createSql, IEnumerable<string> grants, bool? hasSecondPassword)
    {
        var tokens = new SqlTokens(createSql);
        var plugins = new List<string>();
        var edits = new TextEdits();
        string? roles = null;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens.IsWord(i, "IDENTIFIED") && tokens.IsWord(i + 1, "WITH"))
            {
                plugins.Add(tokens.Name(i + 2).Trim('\''));
            }
            else if (roles is null && tokens.IsWord(i, "DEFAULT") && tokens.IsWord(i + 1, "ROLE"))
            {
                int end = i + 2;
                while (end < tokens.Count && !tokens.IsWord(end, "REQUIRE"))
                {
                    end++;
                }

                int from = tokens[i].Start;
                int to = end < tokens.Count ? tokens[end].Start : createSql.Length;
                roles = createSql[tokens[i + 2].Start..to].Trim();
                edits.Replace(from, to - from, string.Empty);
                i = end - 1;
            }
        }

        return new AccountDefinition(name, edits.Apply(createSql), roles, plugins, [.. grants.Select(GrantLine.Parse)], hasSecondPassword);
    }
}
