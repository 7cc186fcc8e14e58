using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Sql;

/// <summary>Gives the columns of a CREATE TABLE other names wherever they stand: definitions, keys, expressions, partitions. Names of indexes and constraints stay.</summary>
internal static class ColumnNames
{
    /// <summary>The statement with the other names.</summary>
    public static string Rewrite(TableDefinition table, CreateTableStatement statement, Func<string, string> map)
    {
        var columns = table.Columns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var tokens = statement.Tokens;
        var edits = new TextEdits();
        foreach (var element in statement.Elements)
        {
            // The parent's columns are the parent's affair, and names are compared without case.
            Rewrite(tokens, FirstColumn(tokens, element), element.IsForeignKey ? element.First : element.End, columns, map, edits);
        }

        Rewrite(tokens, statement.TailStart, tokens.Count, columns, map, edits);
        return edits.Apply(tokens.Sql);
    }

    // KEY `name` (...), CONSTRAINT `name` CHECK (...): SHOW CREATE TABLE prints a name for all but the primary key.
    private static int FirstColumn(SqlTokens tokens, CreateTableElement element)
    {
        int first = element.First;
        if (element.Column is null && !tokens.IsWord(first, "PRIMARY"))
        {
            while (first < element.End && !tokens.Is(first, SqlTokenKind.QuotedName))
            {
                first++;
            }

            first++;
        }

        return first;
    }

    private static void Rewrite(SqlTokens tokens, int first, int end, HashSet<string> columns, Func<string, string> map, TextEdits edits)
    {
        for (int i = first; i < end; i++)
        {
            if (tokens.Is(i, SqlTokenKind.QuotedName) && columns.Contains(tokens.Name(i)) && map(tokens.Name(i)) is { } name && name != tokens.Name(i))
            {
                edits.Replace(tokens[i], SqlText.Name(name));
            }
        }
    }
}
