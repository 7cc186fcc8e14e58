using DtsMigrate.Engine.Sql;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>The places of a CREATE TABLE or ALTER TABLE that give a column its name. Where a column is only referred to, its letters do not matter.</summary>
internal static class ColumnPlaces
{
    private static readonly string[] NotColumns = ["INDEX", "KEY", "PRIMARY", "UNIQUE", "FULLTEXT", "SPATIAL", "CONSTRAINT", "CHECK", "FOREIGN", "PARTITION", "LIKE"];

    /// <summary>Their tokens.</summary>
    public static IReadOnlyList<int> Find(DdlStatement statement)
    {
        var places = new List<int>();
        if (statement.Model is null && statement.Kind == DdlKind.CreateTable)
        {
            int open = statement.Targets[0].Place.Name + 1;
            if (statement.Tokens.IsSymbol(open, '('))
            {
                FindElements(statement.Tokens, open, places);
            }
        }
        else if (statement.Kind == DdlKind.AlterTable)
        {
            FindSpecifications(statement.Tokens, statement.Targets[0].Place.Name + 1, places);
        }

        return places;
    }

    /// <summary>Columns that an ALTER TABLE gives another name: new names by old ones.</summary>
    public static IReadOnlyDictionary<string, string> Renames(DdlStatement statement)
    {
        var renames = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (statement.Kind != DdlKind.AlterTable)
        {
            return renames;
        }

        var tokens = statement.Tokens;
        foreach (int place in Find(statement))
        {
            if (tokens.IsWord(place - 1, "TO") && tokens.IsWord(place - 4, "RENAME"))
            {
                renames[tokens.Name(place - 2)] = tokens.Name(place);
            }
            else if (tokens.IsWord(tokens.IsWord(place - 2, "COLUMN") ? place - 3 : place - 2, "CHANGE"))
            {
                renames[tokens.Name(place - 1)] = tokens.Name(place);
            }
        }

        return renames;
    }

    private static void FindElements(SqlTokens tokens, int open, List<int> places)
    {
        int end = tokens.Closing(open);
        bool begins = true;
        for (int i = open + 1; i < end; i++)
        {
            if (begins)
            {
                AddColumn(tokens, i, places);
            }

            begins = tokens.IsSymbol(i, ',');
            i = tokens.IsSymbol(i, '(') ? tokens.Closing(i) : i;
        }
    }

    private static void FindSpecifications(SqlTokens tokens, int first, List<int> places)
    {
        bool begins = true;
        for (int i = first; i < tokens.Count; i++)
        {
            if (begins)
            {
                FindName(tokens, i, places);
            }

            begins = tokens.IsSymbol(i, ',');
            i = tokens.IsSymbol(i, '(') ? tokens.Closing(i) : i;
        }
    }

    private static void FindName(SqlTokens tokens, int verb, List<int> places)
    {
        int column = verb + (tokens.IsWord(verb + 1, "COLUMN") ? 2 : 1);
        if (tokens.IsWord(verb, "ADD") && tokens.IsSymbol(column, '('))
        {
            FindElements(tokens, column, places);
        }
        else if (tokens.IsAnyWord(verb, "ADD", "MODIFY"))
        {
            AddColumn(tokens, column, places);
        }
        else if (tokens.IsWord(verb, "CHANGE"))
        {
            places.Add(column + 1);
        }
        else if (tokens.IsWord(verb, "RENAME") && tokens.IsWord(verb + 1, "COLUMN"))
        {
            places.Add(column + 2);
        }
    }

    private static void AddColumn(SqlTokens tokens, int at, List<int> places)
    {
        if (tokens.IsName(at) && !(tokens.Is(at, SqlTokenKind.Word) && tokens.IsAnyWord(at, NotColumns)))
        {
            places.Add(at);
        }
    }
}
