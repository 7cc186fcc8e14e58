using System.Buffers;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Sql;

/// <summary>
/// Cuts SQL text into tokens as the server's own lexer does (MySQL manual, "Language Structure"). White space is dropped; token positions let
/// callers keep everything else as it is. What executable comments hold is read as part of the text, whatever version they name: the server
/// logs only those that it executed.
/// </summary>
internal static class SqlLexer
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>All tokens of the text.</summary>
    /// <param name="sql">Text.</param>
    /// <param name="syntax">How the session that wrote it reads quotes and backslashes.</param>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>: a string, name or comment does not end.</exception>
    public static List<SqlToken> Read(string sql, SqlSyntax syntax = SqlSyntax.Default)
    {
        var tokens = new List<SqlToken>(sql.Length / 4);
        int versionComments = 0;
        int at = 0;
        while (at < sql.Length)
        {
            if (IsSpace(sql[at]))
            {
                at++;
                continue;
            }

            bool afterAs = tokens.Count > 0 && tokens[^1] is { Kind: SqlTokenKind.Word, Length: 2 } last && sql.AsSpan(last.Start, 2).Equals("AS", StringComparison.OrdinalIgnoreCase);
            var token = ReadToken(sql, at, syntax, versionComments > 0, afterAs);
            versionComments += token.Kind switch { SqlTokenKind.VersionCommentStart => 1, SqlTokenKind.VersionCommentEnd => -1, _ => 0 };
            tokens.Add(token);
            at = token.End;
        }

        return versionComments == 0 ? tokens : throw NotEnded(sql, "version comment", sql.Length);
    }

    private static SqlToken ReadToken(string sql, int at, SqlSyntax syntax, bool inVersionComment, bool afterAs)
    {
        var rest = sql.AsSpan(at);
        bool backslash = (syntax & SqlSyntax.NoBackslashEscapes) == 0;
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

        if (rest[0] == '#' || (rest.StartsWith("--", StringComparison.Ordinal) && (rest.Length == 2 || rest[2] <= ' ' || rest[2] == (char)127)))
        {
            int end = rest.IndexOf('\n');
            return new SqlToken(SqlTokenKind.Comment, at, end < 0 ? rest.Length : end);
        }

        char first = rest[0];
        if (first == '`' || (first == '"' && (syntax & SqlSyntax.AnsiQuotes) != 0))
        {
            return new SqlToken(SqlTokenKind.QuotedName, at, QuotedLength(sql, at, at, backslash: false));
        }

        if (first is '\'' or '"')
        {
            return new SqlToken(SqlTokenKind.Text, at, QuotedLength(sql, at, at, backslash));
        }

        if (first is 'x' or 'X' or 'b' or 'B' or 'n' or 'N' && rest.Length > 1 && rest[1] == '\'')
        {
            return new SqlToken(SqlTokenKind.Literal, at, QuotedLength(sql, at, at + 1, backslash && first is 'n' or 'N'));
        }

        if (afterAs && first == '$' && DollarQuotedLength(rest) is > 0 and int quoted)
        {
            return new SqlToken(SqlTokenKind.Text, at, quoted);
        }

        if (!IsWordCharacter(first))
        {
            return new SqlToken(SqlTokenKind.Symbol, at, 1);
        }

        int word = WordLength(rest);
        return new SqlToken(IsNumber(rest[..word]) ? SqlTokenKind.Literal : SqlTokenKind.Word, at, word);
    }

    // Bodies of routines in other languages: AS $$ ... $$ and AS $tag$ ... $tag$.
    private static int DollarQuotedLength(ReadOnlySpan<char> rest)
    {
        int tag = 1;
        while (tag < rest.Length && rest[tag] != '$' && IsWordCharacter(rest[tag]))
        {
            tag++;
        }

        if (tag >= rest.Length || rest[tag] != '$')
        {
            return 0;
        }

        int end = rest[++tag..].IndexOf(rest[..tag]);
        return end < 0 ? 0 : tag + end + tag;
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

    // A bare name may begin with digits, but what the server reads as a number is none.
    private static bool IsNumber(ReadOnlySpan<char> word)
    {
        if (!char.IsAsciiDigit(word[0]))
        {
            return false;
        }

        if (word.Length > 2 && word[0] == '0' && word[1] is 'x' or 'b')
        {
            return word[1] == 'x' ? !word[2..].ContainsAnyExcept(HexDigits) : !word[2..].ContainsAnyExcept("01");
        }

        int digits = word.IndexOfAnyExceptInRange('0', '9');
        return digits < 0 || (word[digits] is 'e' or 'E' && digits + 1 < word.Length && word[(digits + 1)..].IndexOfAnyExceptInRange('0', '9') < 0);
    }

    private static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r') or '\0';

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or >= (char)0x80;

    private static int QuotedLength(string sql, int start, int open, bool backslash)
    {
        char quote = sql[open];
        int at = open + 1;
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
