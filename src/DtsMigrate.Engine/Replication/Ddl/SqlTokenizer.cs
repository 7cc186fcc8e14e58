using System.Text;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// Splits a statement into tokens (MySQL manual, "Language Structure"). Comments are left out; what executable comments <c>/*! ... */</c> hold
/// is read as part of the statement, whatever version they name.
/// </summary>
internal static class SqlTokenizer
{
    private const ulong AnsiQuotes = 4;
    private const ulong NoBackslashEscapes = 1 << 20;

    /// <summary>Splits a statement.</summary>
    /// <param name="sql">Text.</param>
    /// <param name="sqlMode">sql_mode bits of its session.</param>
    /// <returns>The tokens; null when a quote or comment is not closed.</returns>
    public static List<SqlToken>? Split(string sql, ulong sqlMode)
    {
        var tokens = new List<SqlToken>();
        bool ansi = (sqlMode & AnsiQuotes) != 0;
        bool backslash = (sqlMode & NoBackslashEscapes) == 0;
        bool inExecutable = false;
        int at = 0;
        while (at < sql.Length)
        {
            char c = sql[at];
            if (char.IsWhiteSpace(c) || c == '\0')
            {
                at++;
            }
            else if (c == '#' || (c == '-' && IsDashComment(sql, at)))
            {
                int end = sql.IndexOf('\n', at);
                at = end < 0 ? sql.Length : end + 1;
            }
            else if (c == '/' && Next(sql, at) == '*')
            {
                if (At(sql, at + 2) == '!')
                {
                    inExecutable = true;
                    at = SkipDigits(sql, at + 3);
                    continue;
                }

                int end = sql.IndexOf("*/", at + 2, StringComparison.Ordinal);
                if (end < 0)
                {
                    return null;
                }

                at = end + 2;
            }
            else if (c == '*' && inExecutable && Next(sql, at) == '/')
            {
                inExecutable = false;
                at += 2;
            }
            else if (c is '`' or '\'' or '"')
            {
                bool isName = c == '`' || (c == '"' && ansi);
                if (!Quoted(sql, ref at, c, backslash && !isName, out string text))
                {
                    return null;
                }

                tokens.Add(new SqlToken(isName ? SqlTokenKind.QuotedName : SqlTokenKind.Literal, text));
            }
            else if (IsWordCharacter(c))
            {
                tokens.Add(Word(sql, ref at));
            }
            else
            {
                tokens.Add(new SqlToken(SqlTokenKind.Symbol, c.ToString()));
                at++;
            }
        }

        return inExecutable ? null : tokens;
    }

    private static SqlToken Word(string sql, ref int at)
    {
        int start = at;
        while (at < sql.Length && IsWordCharacter(sql[at]))
        {
            at++;
        }

        string text = sql[start..at];
        return new SqlToken(text.All(char.IsAsciiDigit) ? SqlTokenKind.Literal : SqlTokenKind.Word, text);
    }

    private static bool Quoted(string sql, ref int at, char quote, bool backslash, out string text)
    {
        var value = new StringBuilder();
        for (int i = at + 1; i < sql.Length; i++)
        {
            char c = sql[i];
            if (c == '\\' && backslash)
            {
                i++;
                value.Append(At(sql, i));
            }
            else if (c != quote)
            {
                value.Append(c);
            }
            else if (Next(sql, i) == quote)
            {
                value.Append(quote);
                i++;
            }
            else
            {
                at = i + 1;
                text = value.ToString();
                return true;
            }
        }

        text = string.Empty;
        return false;
    }

    private static int SkipDigits(string sql, int at)
    {
        while (char.IsAsciiDigit(At(sql, at)))
        {
            at++;
        }

        return at;
    }

    private static bool IsDashComment(string sql, int at) => Next(sql, at) == '-' && (at + 2 >= sql.Length || char.IsWhiteSpace(sql[at + 2]) || char.IsControl(sql[at + 2]));

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c >= '\u0080';

    private static char Next(string sql, int at) => At(sql, at + 1);

    private static char At(string sql, int at) => at < sql.Length ? sql[at] : '\0';
}
