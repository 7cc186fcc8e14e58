using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Sql;

/// <summary>SQL text with its tokens: questions that classifying and rewriting ask.</summary>
internal sealed class SqlTokens
{
    private readonly List<SqlToken> _tokens;

    /// <summary>Reads the tokens of a text.</summary>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>: a string, name or comment does not end.</exception>
    public SqlTokens(string sql, SqlSyntax syntax = SqlSyntax.Default)
        : this(sql, SqlLexer.Read(sql, syntax))
    {
    }

    private SqlTokens(string sql, List<SqlToken> tokens)
    {
        Sql = sql;
        _tokens = tokens;
    }

    /// <summary>The text.</summary>
    public string Sql { get; }

    /// <summary>Number of tokens.</summary>
    public int Count => _tokens.Count;

    /// <summary>A token.</summary>
    public SqlToken this[int index] => _tokens[index];

    /// <summary>The same text without comments and without the marks of executable ones, whose content stays.</summary>
    public SqlTokens WithoutComments() =>
        new(Sql, _tokens.FindAll(t => t.Kind is not (SqlTokenKind.Comment or SqlTokenKind.VersionCommentStart or SqlTokenKind.VersionCommentEnd)));

    /// <summary>The characters of a token.</summary>
    public ReadOnlySpan<char> Span(int index) => Sql.AsSpan(_tokens[index].Start, _tokens[index].Length);

    /// <summary>True when the token exists and is this keyword, in any case.</summary>
    public bool IsWord(int index, string word) => Is(index, SqlTokenKind.Word) && Span(index).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the token exists and is one of these keywords, in any case.</summary>
    public bool IsAnyWord(int index, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (IsWord(index, word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when the token exists and is this punctuation character.</summary>
    public bool IsSymbol(int index, char symbol) => Is(index, SqlTokenKind.Symbol) && Sql[_tokens[index].Start] == symbol;

    /// <summary>True when the token exists and is of this kind.</summary>
    public bool Is(int index, SqlTokenKind kind) => index >= 0 && index < _tokens.Count && _tokens[index].Kind == kind;

    /// <summary>True when the token exists and may stand for an object.</summary>
    public bool IsName(int index) => Is(index, SqlTokenKind.Word) || Is(index, SqlTokenKind.QuotedName);

    /// <summary>A quoted or bare name without its quotes; of any other token its text.</summary>
    public string Name(int index)
    {
        var span = Span(index);
        if (!Is(index, SqlTokenKind.QuotedName))
        {
            return span.ToString();
        }

        string quote = span[..1].ToString();
        return span[1..^1].ToString().Replace(quote + quote, quote, StringComparison.Ordinal);
    }

    /// <summary>Index of the parenthesis that closes the one at a token; <see cref="Count"/> when none does.</summary>
    public int Closing(int open)
    {
        int depth = 0;
        for (int i = open; i < Count; i++)
        {
            depth += IsSymbol(i, '(') ? 1 : IsSymbol(i, ')') ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return Count;
    }
}
