using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>
/// The head of a CREATE statement of a stored object, cut into the parts that rewriting changes. Positions are character positions in the text; what is not
/// named here is never touched.
/// </summary>
internal sealed class StoredStatement
{
    private StoredStatement(string sql, StoredObjectKind kind) => (Sql, Kind) = (sql, kind);

    /// <summary>The text.</summary>
    public string Sql { get; }

    /// <summary>Kind of the object.</summary>
    public StoredObjectKind Kind { get; }

    /// <summary>The DEFINER clause with the space behind it; empty where there is none.</summary>
    public Range Definer { get; private set; }

    /// <summary>The value of SQL SECURITY (DEFINER or INVOKER); an empty range at the place where the clause belongs where there is none.</summary>
    public Range Security { get; private set; }

    /// <summary>The statement says SQL SECURITY.</summary>
    public bool HasSecurity { get; private set; }

    /// <summary>The name, with its database where the text gives it.</summary>
    public Range Name { get; private set; }

    /// <summary>The type that a function returns; empty for other kinds.</summary>
    public Range Returns { get; private set; }

    /// <summary>From after the name of a trigger up to its table's name, for example <c>BEFORE INSERT ON</c>, as written.</summary>
    public string TriggerMoment { get; private set; } = string.Empty;

    /// <summary>Table of a trigger, with its database where the text gives it.</summary>
    public Range TriggerTable { get; private set; }

    /// <summary>State clause of an event: ENABLE, DISABLE, DISABLE ON REPLICA; an empty range at its place where there is none.</summary>
    public Range EventState { get; private set; }

    /// <summary>Where the body begins: SELECT of a view, body of a routine, trigger or event.</summary>
    public int Body { get; private set; }

    /// <summary>Reads the head of a statement.</summary>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>: this is not such a statement.</exception>
    public static StoredStatement Parse(string sql, SqlSyntax syntax)
    {
        var tokens = new SqlTokens(sql, syntax).WithoutComments();
        int at = Expect(tokens, 0, "CREATE");
        at += tokens.IsWord(at, "OR") && tokens.IsWord(at + 1, "REPLACE") ? 2 : 0;
        if (tokens.IsWord(at, "ALGORITHM") && tokens.IsSymbol(at + 1, '='))
        {
            at += 3;
        }

        Range definer = default;
        if (tokens.IsWord(at, "DEFINER") && tokens.IsSymbol(at + 1, '='))
        {
            int first = at;
            at = AfterAccount(tokens, at + 2);
            definer = new Range(tokens[first].Start, StartOf(tokens, at));
        }

        bool secured = tokens.IsWord(at, "SQL") && tokens.IsWord(at + 1, "SECURITY");
        Range security = secured ? RangeOf(tokens, at + 2, at + 3) : Empty(StartOf(tokens, at));
        at += secured ? 3 : 0;
        at += tokens.IsWord(at, "AGGREGATE") ? 1 : 0;
        while (tokens.IsAnyWord(at, "JSON", "RELATIONAL", "DUALITY"))
        {
            at++;
        }

        var statement = new StoredStatement(sql, ReadKind(tokens, at)) { Definer = definer, Security = security, HasSecurity = secured };
        at++;
        at += tokens.IsWord(at, "IF") && tokens.IsWord(at + 1, "NOT") && tokens.IsWord(at + 2, "EXISTS") ? 3 : 0;
        int name = at;
        at = AfterName(tokens, at);
        statement.Name = RangeOf(tokens, name, at);
        switch (statement.Kind)
        {
            case StoredObjectKind.Trigger:
                statement.ReadTrigger(tokens, at);
                break;
            case StoredObjectKind.Event:
                statement.ReadEvent(tokens, at);
                break;
            case StoredObjectKind.Function or StoredObjectKind.Procedure:
                statement.ReadRoutine(tokens, at);
                break;
            default:
                statement.Body = StartOf(tokens, at);
                break;
        }

        return statement;
    }

    /// <summary>The characters of a part.</summary>
    public string Text(Range part) => Sql[part];

    private void ReadTrigger(SqlTokens tokens, int at)
    {
        int moment = at;
        while (at < tokens.Count && !tokens.IsWord(at, "ON"))
        {
            at++;
        }

        TriggerMoment = string.Join(' ', Enumerable.Range(moment, at - moment).Select(i => tokens.Name(i).ToUpperInvariant()));
        int table = Expect(tokens, at, "ON");
        at = AfterName(tokens, table);
        TriggerTable = RangeOf(tokens, table, at);
        at = Expect(tokens, Expect(tokens, Expect(tokens, at, "FOR"), "EACH"), "ROW");
        if (tokens.IsAnyWord(at, "FOLLOWS", "PRECEDES"))
        {
            at = AfterName(tokens, at + 1);
        }

        Body = StartOf(tokens, at);
    }

    private void ReadEvent(SqlTokens tokens, int at)
    {
        int depth = 0;
        int comment = -1;
        for (; at < tokens.Count; at++)
        {
            depth += tokens.IsSymbol(at, '(') ? 1 : tokens.IsSymbol(at, ')') ? -1 : 0;
            if (depth != 0)
            {
                continue;
            }

            if (tokens.IsAnyWord(at, "ENABLE", "DISABLE"))
            {
                int end = tokens.IsWord(at, "DISABLE") && tokens.IsWord(at + 1, "ON") ? at + 3 : at + 1;
                EventState = RangeOf(tokens, at, end);
            }
            else if (tokens.IsWord(at, "COMMENT") && tokens.Is(at + 1, SqlTokenKind.Text))
            {
                comment = at;
            }
            else if (tokens.IsWord(at, "DO"))
            {
                EventState = EventState.Equals(default) ? Empty(StartOf(tokens, comment < 0 ? at : comment)) : EventState;
                Body = StartOf(tokens, at + 1);
                return;
            }
        }

        throw NotUnderstood(Sql);
    }

    // SHOW CREATE prints SQL SECURITY before COMMENT and after all else; a statement of a user may have any order.
    private void ReadRoutine(SqlTokens tokens, int at)
    {
        if (!tokens.IsSymbol(at, '('))
        {
            throw NotUnderstood(Sql);
        }

        at = tokens.Closing(at) + 1;
        if (Kind == StoredObjectKind.Function)
        {
            int type = Expect(tokens, at, "RETURNS");
            at = ReturnType.End(tokens, type);
            Returns = RangeOf(tokens, type, at);
        }

        int place = -1;
        for (int length = CharacteristicLength(tokens, at); length > 0; at += length, length = CharacteristicLength(tokens, at))
        {
            if (tokens.IsWord(at, "SQL"))
            {
                Security = RangeOf(tokens, at + 2, at + 3);
                HasSecurity = true;
            }
            else if (tokens.IsWord(at, "COMMENT") && place < 0)
            {
                place = at;
            }
        }

        if (!HasSecurity)
        {
            Security = Empty(tokens[(place < 0 ? at : place) - 1].End);
        }

        Body = StartOf(tokens, at);
    }

    private static int CharacteristicLength(SqlTokens tokens, int at) =>
        tokens.IsWord(at, "COMMENT") && tokens.Is(at + 1, SqlTokenKind.Text) ? 2
        : tokens.IsWord(at, "LANGUAGE") ? 2
        : tokens.IsWord(at, "DETERMINISTIC") ? 1
        : tokens.IsWord(at, "NOT") && tokens.IsWord(at + 1, "DETERMINISTIC") ? 2
        : tokens.IsAnyWord(at, "CONTAINS", "NO") && tokens.IsWord(at + 1, "SQL") ? 2
        : tokens.IsAnyWord(at, "READS", "MODIFIES") && tokens.IsWord(at + 1, "SQL") && tokens.IsWord(at + 2, "DATA") ? 3
        : tokens.IsWord(at, "SQL") && tokens.IsWord(at + 1, "SECURITY") ? 3
        : tokens.IsWord(at, "USING") && tokens.IsSymbol(at + 1, '(') ? tokens.Closing(at + 1) + 1 - at
        : 0;

    private static StoredObjectKind ReadKind(SqlTokens tokens, int at)
    {
        foreach (var kind in Enum.GetValues<StoredObjectKind>())
        {
            if (tokens.IsWord(at, StoredObjectReader.Word(kind)))
            {
                return kind;
            }
        }

        throw NotUnderstood(tokens.Sql);
    }

    // `user`@`host`, 'user'@'host', user, CURRENT_USER, CURRENT_USER().
    private static int AfterAccount(SqlTokens tokens, int at)
    {
        bool current = tokens.IsWord(at, "CURRENT_USER");
        at++;
        return current && tokens.IsSymbol(at, '(') ? at + 2 : tokens.IsSymbol(at, '@') ? at + 2 : at;
    }

    private static int AfterName(SqlTokens tokens, int at)
    {
        if (!tokens.IsName(at))
        {
            throw NotUnderstood(tokens.Sql);
        }

        return tokens.IsSymbol(at + 1, '.') ? at + 3 : at + 1;
    }

    private static int Expect(SqlTokens tokens, int at, string word) => tokens.IsWord(at, word) ? at + 1 : throw NotUnderstood(tokens.Sql);

    private static int StartOf(SqlTokens tokens, int at) => at < tokens.Count ? tokens[at].Start : tokens.Sql.Length;

    private static Range RangeOf(SqlTokens tokens, int first, int end) =>
        end <= tokens.Count ? new Range(tokens[first].Start, tokens[end - 1].End) : throw NotUnderstood(tokens.Sql);

    private static Range Empty(int at) => new(at, at);

    private static DtsMigrateException NotUnderstood(string sql) =>
        new("SqlNotUnderstood", $"This is not a CREATE statement of a stored object that was expected: {sql[..Math.Min(sql.Length, 200)]}");
}
