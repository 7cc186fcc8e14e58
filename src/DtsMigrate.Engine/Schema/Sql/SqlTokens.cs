namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>SQL text with its tokens: questions that rewriting asks.</summary>
internal sealed class SqlTokens
{
    private readonly List<SqlToken> _tokens;

    /// <summary>Reads the tokens of a text.</summary>
    public SqlTokens(string sql)
    {
        Sql = sql;
        _tokens = SqlLexer.Read(sql);
    }

    /// <summary>The text.</summary>
    public string Sql { get; }

    /// <summary>Number of tokens.</summary>
    public int Count => _tokens.Count;

    /// <summary>A token.</summary>
    public SqlToken this[int index] => _tokens[index];

    /// <summary>The characters of a token.</summary>
    public ReadOnlySpan<char> Span(int index) => Sql.AsSpan(_tokens[index].Start, _tokens[index].Length);

    /// <summary>True when the token exists and is this keyword, in any case.</summary>
    public bool IsWord(int index, string word) =>
        index < _tokens.Count && _tokens[index].Kind == SqlTokenKind.Word && Span(index).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the token exists and is this punctuation character.</summary>
    public bool IsSymbol(int index, char symbol) =>
        index < _tokens.Count && _tokens[index].Kind == SqlTokenKind.Symbol && Sql[_tokens[index].Start] == symbol;

    /// <summary>True when the token exists and is of this kind.</summary>
    public bool Is(int index, SqlTokenKind kind) => index < _tokens.Count && _tokens[index].Kind == kind;

    /// <summary>A quoted or bare name without its quotes.</summary>
    public string Name(int index) => Is(index, SqlTokenKind.QuotedName)
        ? Span(index)[1..^1].ToString().Replace("``", "`", StringComparison.Ordinal)
        : Span(index).ToString();
}
