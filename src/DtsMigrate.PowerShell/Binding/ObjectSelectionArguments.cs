using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Binding;

/// <summary>
/// Turns <c>-Database</c>, <c>-Table</c> and <c>-Map</c> into the <c>objects</c> member of a task definition. Every entry of the map must
/// name something selected: a misspelt one is an error, not a table that keeps its name.
/// </summary>
internal sealed class ObjectSelectionArguments
{
    private readonly SortedDictionary<string, Selected> _databases = new(StringComparer.Ordinal);

    /// <summary>Builds the member.</summary>
    /// <exception cref="DtsMigrateException">TableNameInvalid, MapInvalid.</exception>
    public static JsonObject Build(IReadOnlyList<string> databases, IReadOnlyList<string> tables, IDictionary? map)
    {
        var selection = new ObjectSelectionArguments();
        foreach (string text in databases)
        {
            IReadOnlyList<string> parts = TableReference.Parse(text, "Database");
            selection.Of(parts.Count == 1 ? parts[0] : throw Invalid("TableNameInvalid", $"-Database: '{text}' names a table.", text, "Give tables by -Table.")).All = true;
        }

        foreach (string text in tables)
        {
            IReadOnlyList<string> parts = TableReference.Parse(text, "Table");
            if (parts.Count != 2)
            {
                throw Invalid("TableNameInvalid", $"-Table: '{text}' names no table.", text, "Give database.table, or whole databases by -Database.");
            }

            selection.Of(parts[0]).Tables.TryAdd(parts[1], null);
        }

        // Databases first: an entry of a table is judged by where its database goes.
        List<Entry> entries = [.. (map ?? new Hashtable()).Cast<DictionaryEntry>().Select(Entry.Parse).OrderBy(entry => entry.From.Count).ThenBy(entry => entry.Text, StringComparer.Ordinal)];
        foreach (Entry entry in entries)
        {
            selection.Rename(entry);
        }

        return selection.ToJson();
    }

    private Selected Of(string database)
    {
        if (!_databases.TryGetValue(database, out Selected? selected))
        {
            _databases.Add(database, selected = new Selected());
        }

        return selected;
    }

    private void Rename(Entry entry)
    {
        if (!_databases.TryGetValue(entry.From[0], out Selected? database) || (entry.From.Count == 2 && !database.All && !database.Tables.ContainsKey(entry.From[1])))
        {
            throw Invalid("MapInvalid", $"-Map: '{entry.Text}' is not selected.", entry.Text, "Correct the name, or select the object by -Database or -Table.");
        }

        if (entry.From.Count == 1)
        {
            database.To = entry.To.Count == 1
                ? entry.To[0]
                : throw Invalid("MapInvalid", $"-Map: database '{entry.Text}' cannot become the table '{entry.ToText}'.", entry.Text, "Map a database to a database.");
            return;
        }

        if (entry.To.Count == 2)
        {
            Place(entry, database);
        }

        database.Tables[entry.From[1]] = entry.To[^1];
    }

    /// <summary>A database goes to one database; tables listed one by one may say which, as long as they agree.</summary>
    private static void Place(Entry entry, Selected database)
    {
        string wanted = entry.To[0];
        string? given = database.To ?? (database.All ? entry.From[0] : null);
        if (given is null)
        {
            database.To = wanted;
        }
        else if (given != wanted)
        {
            throw Invalid(
                "MapInvalid",
                $"-Map: '{entry.Text}' goes to '{wanted}', but its database '{entry.From[0]}' goes to '{given}'.",
                entry.Text,
                $"A database goes to one database: add '{entry.From[0]}' = '{wanted}' to the map, or make a task of its own for the table.");
        }
    }

    private JsonObject ToJson()
    {
        var objects = new JsonObject();
        foreach ((string name, Selected database) in _databases)
        {
            var member = new JsonObject();
            if (database.All)
            {
                member["all"] = true;
            }

            if (database.To is not null && database.To != name)
            {
                member["to"] = database.To;
            }

            // With a whole database only the tables that get another name are listed.
            List<KeyValuePair<string, string?>> tables = [.. database.Tables.Where(table => !database.All || table.Value is not null)];
            if (tables.Count > 0)
            {
                member["tables"] = new JsonObject(tables.Select(table =>
                    KeyValuePair.Create(table.Key, (JsonNode?)(table.Value is null ? new JsonObject() : new JsonObject { ["to"] = table.Value }))));
            }

            objects[name] = member;
        }

        return objects;
    }

    private static DtsMigrateException Invalid(string code, string message, string target, string action) => new(code, message) { Target = target, RecommendedAction = action };

    private sealed class Selected
    {
        public bool All { get; set; }

        public string? To { get; set; }

        public SortedDictionary<string, string?> Tables { get; } = new(StringComparer.Ordinal);
    }

    private sealed record Entry(string Text, IReadOnlyList<string> From, string ToText, IReadOnlyList<string> To)
    {
        public static Entry Parse(DictionaryEntry entry)
        {
            string from = LanguagePrimitives.ConvertTo<string>(entry.Key);
            string to = LanguagePrimitives.ConvertTo<string>(entry.Value) ?? string.Empty;
            return new Entry(from, TableReference.Parse(from, "Map"), to, TableReference.Parse(to, "Map"));
        }
    }
}
