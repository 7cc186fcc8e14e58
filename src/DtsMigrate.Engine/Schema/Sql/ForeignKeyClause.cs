using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>Reads <c>CONSTRAINT name FOREIGN KEY (columns) REFERENCES [database.]table (columns) [ON DELETE ...] [ON UPDATE ...]</c>.</summary>
internal static class ForeignKeyClause
{
    /// <summary>Reads the clause of an element that is a foreign key.</summary>
    /// <exception cref="DtsMigrateException">Code <c>SqlNotUnderstood</c>: the clause has a part that is not known here.</exception>
    public static ForeignKeyDefinition Read(SqlTokens tokens, CreateTableElement element, string database)
    {
        int at = element.First;
        Expect(tokens.IsWord(at, "CONSTRAINT") && tokens.Is(at + 1, SqlTokenKind.QuotedName), tokens, element);
        string name = tokens.Name(at + 1);
        at += 4;
        var columns = ReadNames(tokens, element, ref at);
        Expect(tokens.IsWord(at, "REFERENCES") && tokens.Is(at + 1, SqlTokenKind.QuotedName), tokens, element);
        string first = tokens.Name(at + 1);
        at += 2;
        QualifiedName parent;
        if (tokens.IsSymbol(at, '.'))
        {
            parent = new QualifiedName(first, tokens.Name(at + 1));
            at += 2;
        }
        else
        {
            parent = new QualifiedName(database, first);
        }

        var parentColumns = ReadNames(tokens, element, ref at);
        string? onDelete = null;
        string? onUpdate = null;
        while (at < element.End)
        {
            Expect(tokens.IsWord(at, "ON"), tokens, element);
            bool isDelete = tokens.IsWord(at + 1, "DELETE");
            Expect(isDelete || tokens.IsWord(at + 1, "UPDATE"), tokens, element);
            at += 2;
            string action = ReadAction(tokens, element, ref at);
            (onDelete, onUpdate) = isDelete ? (action, onUpdate) : (onDelete, action);
        }

        return new ForeignKeyDefinition(name, columns, parent, parentColumns, onDelete, onUpdate);
    }

    private static string ReadAction(SqlTokens tokens, CreateTableElement element, ref int at)
    {
        foreach (string single in (ReadOnlySpan<string>)["CASCADE", "RESTRICT"])
        {
            if (tokens.IsWord(at, single))
            {
                at++;
                return single;
            }
        }

        foreach (var (one, two) in (ReadOnlySpan<(string, string)>)[("SET", "NULL"), ("SET", "DEFAULT"), ("NO", "ACTION")])
        {
            if (tokens.IsWord(at, one) && tokens.IsWord(at + 1, two))
            {
                at += 2;
                return $"{one} {two}";
            }
        }

        Expect(false, tokens, element);
        return string.Empty;
    }

    private static List<string> ReadNames(SqlTokens tokens, CreateTableElement element, ref int at)
    {
        Expect(tokens.IsSymbol(at, '('), tokens, element);
        var names = new List<string>();
        do
        {
            at++;
            Expect(tokens.Is(at, SqlTokenKind.QuotedName), tokens, element);
            names.Add(tokens.Name(at));
            at++;
        }
        while (tokens.IsSymbol(at, ','));

        Expect(tokens.IsSymbol(at, ')'), tokens, element);
        at++;
        return names;
    }

    private static void Expect(bool holds, SqlTokens tokens, CreateTableElement element)
    {
        if (!holds)
        {
            throw new DtsMigrateException("SqlNotUnderstood", $"This foreign key is not understood: {element.Text(tokens)}");
        }
    }
}
