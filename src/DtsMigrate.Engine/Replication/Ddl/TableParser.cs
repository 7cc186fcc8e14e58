using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>CREATE TABLE and ALTER TABLE.</summary>
internal static class TableParser
{
    // Functions whose values a second server does not repeat (MySQL manual, "Determination of Safe and Unsafe Statements in Binary Logging").
    private static readonly HashSet<string> NotDeterministic = new(StringComparer.OrdinalIgnoreCase)
    {
        "UUID", "UUID_SHORT", "RAND", "RANDOM_BYTES", "SYSDATE", "CONNECTION_ID", "CURRENT_USER", "SESSION_USER", "SYSTEM_USER", "USER", "VERSION", "LAST_INSERT_ID", "ROW_COUNT", "FOUND_ROWS",
    };

    /// <summary>Parses after CREATE TABLE.</summary>
    public static DdlStatement? Create(TokenCursor cursor)
    {
        var statement = new DdlStatement(DdlKind.CreateTable, cursor.Tokens, cursor.DefaultDatabase) { IfNotExists = cursor.Skip("IF", "NOT", "EXISTS") };
        if (DdlParser.TakePlace(cursor) is not { } table)
        {
            return null;
        }

        statement.Targets.Add(table);
        if (cursor.Skip("LIKE") || (cursor.Peek().IsSymbol('(') && cursor.Peek(1).Is("LIKE") && cursor.SkipSymbol('(') && cursor.Skip("LIKE")))
        {
            statement.Model = DdlParser.TakePlace(cursor);
            return statement.Model is null ? null : statement;
        }

        var tokens = cursor.Tokens;
        int tail = cursor.Peek().IsSymbol('(') ? tokens.Closing(cursor.At) + 1 : cursor.At;
        FindParents(tokens, cursor.At, table.Name.Database, statement);
        FindDirectories(tokens, tail, statement);
        for (int i = tail; i < tokens.Count; i++)
        {
            if (tokens.IsWord(i, "START") && tokens.IsWord(i + 1, "TRANSACTION"))
            {
                statement.LeftOut.Add((i, i + 1));
            }
            else if (tokens.IsWord(i, "TABLESPACE"))
            {
                int value = i + (tokens.IsSymbol(i + 1, '=') ? 2 : 1);
                statement.LeftOut.Add((i, value));
                i = value;
            }
            else if (tokens.IsAnyWord(i, "SELECT", "UNION"))
            {
                // Row based logging never has it, and a merge table's members would need to be renamed, too.
                return null;
            }
        }

        return statement;
    }

    /// <summary>Parses after ALTER TABLE.</summary>
    public static DdlStatement? Alter(TokenCursor cursor)
    {
        var statement = new DdlStatement(DdlKind.AlterTable, cursor.Tokens, cursor.DefaultDatabase);
        if (DdlParser.TakePlace(cursor) is not { } table)
        {
            return null;
        }

        statement.Targets.Add(table);
        int body = cursor.At;
        int depth = 0;
        while (!cursor.AtEnd)
        {
            var token = cursor.Take();
            depth += token.IsSymbol('(') ? 1 : token.IsSymbol(')') ? -1 : 0;
            Note(cursor, token, depth, statement);
            if (depth > 0)
            {
                continue;
            }

            if (token.Is("EXCHANGE"))
            {
                if (!cursor.SeekPast("WITH") || !cursor.Skip("TABLE") || DdlParser.TakePlace(cursor) is not { } other)
                {
                    return null;
                }

                statement.Targets.Add(other);
                statement.Swaps = true;
            }
            else if (token.Is("RENAME") && !cursor.Skip("COLUMN") && !cursor.Skip("INDEX") && !cursor.Skip("KEY"))
            {
                cursor.SkipAny("TO", "AS");
                cursor.SkipSymbol('=');
                if (DdlParser.TakePlace(cursor) is not { } to)
                {
                    return null;
                }

                statement.Renames.Add((table, to));
            }
        }

        FindParents(cursor.Tokens, body, table.Name.Database, statement);
        FindDirectories(cursor.Tokens, body, statement);
        FindHints(cursor.Tokens, body, statement);
        return statement;
    }

    /// <summary>Notes ALGORITHM and LOCK clauses.</summary>
    public static void FindHints(SqlTokens tokens, int from, DdlStatement statement)
    {
        for (int i = from; i < tokens.Count; i++)
        {
            int value = i + (tokens.IsSymbol(i + 1, '=') ? 2 : 1);
            bool isHint = (tokens.IsWord(i, "ALGORITHM") && tokens.IsAnyWord(value, "INPLACE", "COPY", "INSTANT", "DEFAULT"))
                || (tokens.IsWord(i, "LOCK") && tokens.IsAnyWord(value, "NONE", "SHARED", "EXCLUSIVE", "DEFAULT"));
            if (isHint)
            {
                // With the comma on one of its sides.
                int first = tokens.IsSymbol(i - 1, ',') ? i - 1 : i;
                int last = first == i && tokens.IsSymbol(value + 1, ',') ? value + 1 : value;
                statement.Hints.Add((first, last));
                i = last;
            }
        }
    }

    private static void Note(TokenCursor cursor, TokenView token, int depth, DdlStatement statement)
    {
        if (token.Kind != SqlTokenKind.Word || statement.Tokens.IsSymbol(token.Index - 1, '.'))
        {
            return;
        }

        if (depth == 0 && cursor.Peek().Is("TABLESPACE") && (token.Is("IMPORT") || token.Is("DISCARD")))
        {
            statement.IsNotRun = true;
            statement.NeedsCopy |= token.Is("IMPORT");
        }
        else if (depth == 0 && token.Is("TABLESPACE") && cursor.Peek().IsSymbol('='))
        {
            int first = statement.Tokens.IsSymbol(token.Index - 1, ',') ? token.Index - 1 : token.Index;
            statement.LeftOut.Add((first, token.Index + 2));
        }
        else if (token.Is("AUTO_INCREMENT") && !cursor.Peek().IsSymbol('=') && cursor.Peek().Kind != SqlTokenKind.Literal)
        {
            statement.AddsAutoIncrement = true;
        }
        else if (NotDeterministic.Contains(token.Text) && (cursor.Peek().IsSymbol('(') || token.Is("CURRENT_USER")))
        {
            statement.NeedsCopy = true;
        }
    }

    // An unqualified parent is looked for in the child's database, not in the session's.
    private static void FindParents(SqlTokens tokens, int from, string childDatabase, DdlStatement statement)
    {
        for (int i = from; i < tokens.Count; i++)
        {
            if (tokens.IsWord(i, "REFERENCES") && tokens.IsName(i + 1))
            {
                bool isQualified = tokens.IsSymbol(i + 2, '.');
                var place = isQualified ? new TableReference(i + 1, i + 3) : new TableReference(-1, i + 1);
                statement.Mentions.Add(new NamedPlace(new QualifiedName(isQualified ? tokens.Name(i + 1) : childDatabase, tokens.Name(place.Name)), place));
            }
        }
    }

    // Places in the file system of the source's host.
    private static void FindDirectories(SqlTokens tokens, int from, DdlStatement statement)
    {
        for (int i = from; i < tokens.Count; i++)
        {
            int value = i + (tokens.IsSymbol(i + 2, '=') ? 3 : 2);
            if (tokens.IsAnyWord(i, "DATA", "INDEX") && tokens.IsWord(i + 1, "DIRECTORY") && tokens.Is(value, SqlTokenKind.Text))
            {
                statement.LeftOut.Add((tokens.IsSymbol(i - 1, ',') ? i - 1 : i, value));
                i = value;
            }
        }
    }
}
