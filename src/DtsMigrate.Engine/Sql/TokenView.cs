namespace DtsMigrate.Engine.Sql;

/// <summary>A token together with its text. Past the end of the text it is nothing.</summary>
/// <param name="Tokens">The text's tokens.</param>
/// <param name="Index">Index of the token.</param>
internal readonly record struct TokenView(SqlTokens Tokens, int Index)
{
    /// <summary>Kind; <see cref="SqlTokenKind.Symbol"/> past the end.</summary>
    public SqlTokenKind Kind => Index < Tokens.Count ? Tokens[Index].Kind : SqlTokenKind.Symbol;

    /// <summary>May stand for an object.</summary>
    public bool IsName => Tokens.IsName(Index);

    /// <summary>Text; of a quoted name without its quotes.</summary>
    public string Text => Index < Tokens.Count ? Tokens.Name(Index) : string.Empty;

    /// <summary>The keyword, whatever its case.</summary>
    public bool Is(string keyword) => Tokens.IsWord(Index, keyword);

    /// <summary>The punctuation.</summary>
    public bool IsSymbol(char symbol) => Tokens.IsSymbol(Index, symbol);
}
