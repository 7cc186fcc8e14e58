using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>
/// Cuts SQL text into tokens, as the server's own lexer does without ANSI_QUOTES and NO_BACKSLASH_ESCAPES: the settings under which
/// definitions are read and replayed. White space is dropped; token positions let callers keep everything else byte for byte.
/// </summary>
internal static class SqlLexer
{
    /// <summary>All tokens of the text.</summary>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>: a string, name or comment does not end.</exception>
    public static List<SqlToken> Read(string sql)
    {
        var tokens = new List<SqlToken>(sql.Length / 4);
        int versionComments = 0;
        int at = 0;
        while (at < sql.Length)
        {
            char c = sql[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
                continue;
            }

            var token = ReadToken(sql, at, versionComments > 0);
            versionComments += token.Kind switch { SqlTokenKind.VersionCommentStart => 1, SqlTokenKind.VersionCommentEnd => -1, _ => 0 };
            tokens.Add(token);
            at = token.End;
        }

        return versionComments == 0 ? tokens : throw NotEnded(sql, "version comment", sql.Length);
    }

    private static SqlToken ReadToken(string sql, int at, bool inVersionComment)
    {
        var rest = sql.AsSpan(at);
        if (rest.StartsWith("/*!", StringComparison.Ordinal))
        {
            int length = 3;
            while (length < rest.Length && char.IsAsciiDigit(rest[length]))
            {
                length++;
            }

            return new SqlToken(SqlTokenKind.VersionCommentStart, at, length);
        }

        if (inVersionComment && rest.StartsWith("*/", StringComparison.Ordinal))
        {
            return new SqlToken(SqlTokenKind.VersionCommentEnd, at, 2);
        }

        if (rest.StartsWith("/*", StringComparison.Ordinal))
        {
            int end = sql.IndexOf("*/", at + 2, StringComparison.Ordinal);
            return end < 0 ? throw NotEnded(sql, "comment", at) : new SqlToken(SqlTokenKind.Comment, at, end + 2 - at);
        }

        if (rest[0] == '#' || (rest.StartsWith("--", StringComparison.Ordinal) && (rest.Length == 2 || rest[2] <= ' ')))
        {
            int end = rest.IndexOf('\n');
            return new SqlToken(SqlTokenKind.Comment, at, end < 0 ? rest.Length : end);
        }

        return rest[0] switch
        {
            '`' => new SqlToken(SqlTokenKind.QuotedName, at, QuotedLength(sql, at, '`', backslash: false)),
            '\'' or '"' => new SqlToken(SqlTokenKind.Text, at, QuotedLength(sql, at, rest[0], backslash: true)),
            var c when IsWordCharacter(c) => new SqlToken(SqlTokenKind.Word, at, WordLength(rest)),
            _ => new SqlToken(SqlTokenKind.Symbol, at, 1),
        };
    }

    private static int WordLength(ReadOnlySpan<char> rest)
    {
        int length = 1;
        while (length < rest.Length && IsWordCharacter(rest[length]))
        {
            length++;
        }

        return length;
    }

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or >= (char)0x80;

    private static int QuotedLength(string sql, int start, char quote, bool backslash)
    {
        int at = start + 1;
        while (at < sql.Length)
        {
            if (backslash && sql[at] == '\\')
            {
                at += 2;
            }
            else if (sql[at] != quote)
            {
                at++;
            }
            else if (at + 1 < sql.Length && sql[at + 1] == quote)
            {
                at += 2;
            }
            else
            {
                return at + 1 - start;
            }
        }

        throw NotEnded(sql, quote == '`' ? "name" : "string", start);
    }

    private static DtsMigrateException NotEnded(string sql, string what, int at) =>
        new("SqlNotUnderstood", $"A {what} that begins at character {at} of {sql.Length} does not end.");
}
