namespace DtsMigrate.Engine.Sql;

/// <summary>Walks the tokens of a statement without its comments.</summary>
/// <param name="tokens">The tokens, from <see cref="SqlTokens.WithoutComments"/>.</param>
/// <param name="defaultDatabase">Database of names without one; empty for none.</param>
/// <param name="start">Index of the token to begin with.</param>
internal sealed class TokenCursor(SqlTokens tokens, string defaultDatabase, int start = 0)
{
    /// <summary>Database of names without one.</summary>
    public string DefaultDatabase => defaultDatabase;

    /// <summary>The tokens.</summary>
    public SqlTokens Tokens => tokens;

    /// <summary>Index of the next token.</summary>
    public int At { get; private set; } = start;

    /// <summary>No token is left.</summary>
    public bool AtEnd => At >= tokens.Count;

    /// <summary>A token that comes; past the end one that is nothing.</summary>
    public TokenView Peek(int ahead = 0) => new(tokens, At + ahead);

    /// <summary>The next token, and past it.</summary>
    public TokenView Take() => new(tokens, At++);

    /// <summary>Goes past the keywords if they are next, all of them.</summary>
    public bool Skip(params ReadOnlySpan<string> keywords)
    {
        for (int i = 0; i < keywords.Length; i++)
        {
            if (!Peek(i).Is(keywords[i]))
            {
                return false;
            }
        }

        At += keywords.Length;
        return true;
    }

    /// <summary>Goes past any of these keywords, however many.</summary>
    public void SkipAny(params ReadOnlySpan<string> keywords)
    {
        bool found;
        do
        {
            found = false;
            foreach (string keyword in keywords)
            {
                found |= Skip(keyword);
            }
        }
        while (found);
    }

    /// <summary>Goes past the punctuation if it is next.</summary>
    public bool SkipSymbol(char symbol)
    {
        bool found = Peek().IsSymbol(symbol);
        At += found ? 1 : 0;
        return found;
    }

    /// <summary>Goes to just after the next such keyword outside parentheses; to the end when there is none.</summary>
    public bool SeekPast(string keyword)
    {
        int depth = 0;
        while (!AtEnd)
        {
            var token = Take();
            depth += token.IsSymbol('(') ? 1 : token.IsSymbol(')') ? -1 : 0;
            if (depth == 0 && token.Is(keyword))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a table name, qualified or not.</summary>
    public QualifiedName? TakeTable()
    {
        if (SkipSymbol('.'))
        {
            // ".t" is a legal way to name a table of the default database.
            return Peek().IsName ? new QualifiedName(defaultDatabase, Take().Text) : null;
        }

        if (!Peek().IsName)
        {
            return null;
        }

        string first = Take().Text;
        if (!SkipSymbol('.'))
        {
            return new QualifiedName(defaultDatabase, first);
        }

        // After a dot everything is a name, a number such as 2024 too.
        return AtEnd || Peek().Kind is SqlTokenKind.Symbol or SqlTokenKind.Text ? null : new QualifiedName(first, Take().Text);
    }
}
