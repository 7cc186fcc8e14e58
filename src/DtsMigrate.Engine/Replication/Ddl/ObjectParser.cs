using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>CREATE, ALTER and DROP of views, routines, triggers, events and libraries.</summary>
internal static class ObjectParser
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["VIEW"] = "View",
        ["PROCEDURE"] = "Procedure",
        ["FUNCTION"] = "Function",
        ["TRIGGER"] = "Trigger",
        ["EVENT"] = "Event",
        ["LIBRARY"] = "Library",
    };

    /// <summary>Parses after the verb.</summary>
    /// <param name="cursor">Anywhere after the verb.</param>
    /// <param name="start">First token after the verb, from where clauses are looked at.</param>
    /// <param name="verb">Create, Alter or Drop.</param>
    public static DdlStatement? Parse(TokenCursor cursor, int start, string verb)
    {
        var tokens = cursor.Tokens;
        for (int i = start; i < tokens.Count && !tokens.IsSymbol(i, '('); i++)
        {
            if (tokens.IsSymbol(i, '=') || tokens.IsSymbol(i, '@'))
            {
                // The value of DEFINER or ALGORITHM: a user name may read like a kind.
                i++;
            }
            else if (tokens.Is(i, SqlTokenKind.Word) && Kinds.TryGetValue(tokens.Name(i), out string? kind))
            {
                return Object(tokens, cursor.DefaultDatabase, start, i + 1, Enum.Parse<DdlKind>(verb + kind));
            }
        }

        return null;
    }

    private static DdlStatement? Object(SqlTokens tokens, string defaultDatabase, int start, int at, DdlKind kind)
    {
        var cursor = new TokenCursor(tokens, defaultDatabase, at);
        var statement = new DdlStatement(kind, tokens, defaultDatabase) { IfNotExists = cursor.Skip("IF", "NOT", "EXISTS") };
        cursor.Skip("IF", "EXISTS");
        do
        {
            if (DdlParser.TakePlace(cursor) is not { } name)
            {
                return null;
            }

            statement.Targets.Add(name);
        }
        while (kind == DdlKind.DropView && cursor.SkipSymbol(','));
        if (FindDefiner(tokens, start, at) is { } definer)
        {
            statement.LeftOut.Add(definer);
        }

        return statement;
    }

    // DEFINER = user[@host] | CURRENT_USER[()]: accounts are not the stream's business, the destination's account becomes the definer.
    private static (int First, int Last)? FindDefiner(SqlTokens tokens, int from, int end)
    {
        for (int i = from; i < end; i++)
        {
            if (tokens.IsWord(i, "DEFINER") && tokens.IsSymbol(i + 1, '='))
            {
                int last = i + 2;
                last += tokens.IsSymbol(last + 1, '@') ? 2 : tokens.IsSymbol(last + 1, '(') ? 2 : 0;
                return (i, last);
            }
        }

        return null;
    }
}
