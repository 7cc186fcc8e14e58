using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema.Accounts;

/// <summary>A line of SHOW GRANTS, taken apart.</summary>
/// <param name="Kind">What it grants.</param>
/// <param name="Items">Privileges in upper case, each with its columns in parentheses or nothing; of roles their names as SQL.</param>
/// <param name="Database">Database, or pattern, as printed but without quotes; null for <c>*.*</c>, roles and proxies.</param>
/// <param name="Name">Table or routine; null for a whole database.</param>
/// <param name="Account">The account of a proxy as SQL; null for other kinds.</param>
/// <param name="HasOption">WITH GRANT OPTION, or WITH ADMIN OPTION.</param>
internal sealed record GrantLine(GrantKind Kind, IReadOnlyList<(string Privilege, string Columns)> Items, string? Database, string? Name, string? Account, bool HasOption)
{
    /// <summary>Reads a line.</summary>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>.</exception>
    public static GrantLine Parse(string line)
    {
        var tokens = new SqlTokens(line);
        bool revoke = tokens.IsWord(0, "REVOKE");
        if (!revoke && !tokens.IsWord(0, "GRANT"))
        {
            throw NotUnderstood(line);
        }

        bool option = tokens.IsWord(tokens.Count - 1, "OPTION") && tokens.IsAnyWord(tokens.Count - 2, "GRANT", "ADMIN") && tokens.IsWord(tokens.Count - 3, "WITH");
        int at = 1;
        if (tokens.IsWord(at, "PROXY") && tokens.IsWord(at + 1, "ON"))
        {
            int to = Seek(tokens, at, "TO");
            return new GrantLine(GrantKind.Proxy, [], null, null, line[tokens[at + 2].Start..tokens[to - 1].End], option);
        }

        if (!revoke && tokens.Is(at, SqlTokenKind.QuotedName))
        {
            return ReadRoles(tokens, at, option);
        }

        var items = new List<(string, string)>();
        do
        {
            at += items.Count == 0 ? 0 : 1;
            items.Add(ReadPrivilege(tokens, ref at));
        }
        while (tokens.IsSymbol(at, ','));

        if (!tokens.IsWord(at, "ON"))
        {
            throw NotUnderstood(line);
        }

        at++;
        var kind = revoke ? GrantKind.PartialRevoke : tokens.IsWord(at, "PROCEDURE") ? GrantKind.Procedure : tokens.IsWord(at, "FUNCTION") ? GrantKind.Function : tokens.IsWord(at, "LIBRARY") ? GrantKind.Library : GrantKind.Objects;
        at += kind is GrantKind.Objects or GrantKind.PartialRevoke && !tokens.IsWord(at, "TABLE") ? 0 : 1;
        return tokens.IsSymbol(at + 1, '.')
            ? new GrantLine(kind, items, Part(tokens, at), Part(tokens, at + 2), null, option)
            : throw NotUnderstood(line);
    }

    private static GrantLine ReadRoles(SqlTokens tokens, int at, bool option)
    {
        int to = Seek(tokens, at, "TO");
        var roles = new List<(string, string)>();
        for (int i = at; i < to; i++)
        {
            int first = i;
            i += tokens.IsSymbol(i + 1, '@') ? 2 : 0;
            roles.Add((tokens.Sql[tokens[first].Start..tokens[i].End], string.Empty));
            i++;
        }

        return new GrantLine(GrantKind.Roles, roles, null, null, null, option);
    }

    private static (string Privilege, string Columns) ReadPrivilege(SqlTokens tokens, ref int at)
    {
        var words = new List<string>();
        while (tokens.Is(at, SqlTokenKind.Word) && !tokens.IsWord(at, "ON"))
        {
            words.Add(tokens.Name(at++).ToUpperInvariant());
        }

        if (words.Count == 0)
        {
            throw NotUnderstood(tokens.Sql);
        }

        string columns = string.Empty;
        if (tokens.IsSymbol(at, '('))
        {
            int close = tokens.Closing(at);
            columns = " " + tokens.Sql[tokens[at].Start..tokens[close].End];
            at = close + 1;
        }

        return (string.Join(' ', words), columns);
    }

    private static string? Part(SqlTokens tokens, int at) => tokens.IsSymbol(at, '*') ? null : tokens.Name(at);

    private static int Seek(SqlTokens tokens, int at, string word)
    {
        while (at < tokens.Count && !tokens.IsWord(at, word))
        {
            at++;
        }

        return at < tokens.Count ? at : throw NotUnderstood(tokens.Sql);
    }

    private static DtsMigrateException NotUnderstood(string line) => new("SqlNotUnderstood", $"This line of SHOW GRANTS is not understood: {line[..Math.Min(line.Length, 200)]}");
}
