namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Walks tokens.</summary>
internal sealed class TokenCursor(IReadOnlyList<SqlToken> tokens, string defaultDatabase)
{
    private static readonly SqlToken EndToken = new(SqlTokenKind.Symbol, "\0");

    private int _at;

    public bool AtEnd => _at >= tokens.Count;

    public SqlToken Peek(int ahead = 0) => _at + ahead < tokens.Count ? tokens[_at + ahead] : EndToken;

    public SqlToken Take()
    {
        var token = Peek();
        _at++;
        return token;
    }

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

        _at += keywords.Length;
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

    public bool SkipSymbol(char symbol)
    {
        bool found = Peek().IsSymbol(symbol);
        _at += found ? 1 : 0;
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

        return Peek().Kind == SqlTokenKind.Symbol ? null : new QualifiedName(first, Take().Text);
    }
}
