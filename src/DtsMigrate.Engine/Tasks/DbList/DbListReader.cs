using System.Text.Json;

namespace DtsMigrate.Engine.Tasks.DbList;

/// <summary>
/// Reads the <c>DbList</c> of Alibaba Cloud DTS (OpenAPI 2020-01-01): the selected objects with their new names. What a list can say and this version cannot do is a fault,
/// never left out in silence.
/// </summary>
public static class DbListReader
{
    private static readonly (string Letter, DmlKinds Kind)[] Letters = [("i", DmlKinds.Insert), ("u", DmlKinds.Update), ("d", DmlKinds.Delete)];

    /// <summary>No kind at all: an empty text means all.</summary>
    internal const string Nothing = "none";

    private const string RowFilter = "Rows cannot be filtered yet.";

    /// <summary>True when a document has the form of a list: an object of objects that say <c>all</c>, <c>name</c> or <c>Table</c>.</summary>
    public static bool IsDbList(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.EnumerateObject().Any()
        && root.EnumerateObject().All(database => database.Value.ValueKind == JsonValueKind.Object
            && database.Value.EnumerateObject().Any(member => member.Name is "all" or "name" or "Table"));

    /// <summary>Reads a list.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The selection.</returns>
    /// <exception cref="TaskDefinitionException">It is faulty, or asks for what this version cannot do.</exception>
    public static IReadOnlyList<DatabaseSelection> Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var faults = new DefinitionFaults();
        using JsonDocument document = Open(json);
        List<DatabaseSelection> selection = Read(document.RootElement, "$", faults);
        faults.ThrowIfAny(file: null);
        return selection;
    }

    internal static List<DatabaseSelection> Read(JsonElement root, string path, DefinitionFaults faults)
    {
        var selection = new List<DatabaseSelection>();
        if (root.ValueKind != JsonValueKind.Object)
        {
            faults.Add(path, DefinitionFaults.Show(root), "A DbList is a JSON object.", "Write it like { \"shop\": { \"name\": \"shop\", \"all\": true } }.");
            return selection;
        }

        foreach (JsonProperty member in root.EnumerateObject())
        {
            string at = DefinitionFaults.Child(path, member.Name);
            if (IsObject(member.Value, at, faults))
            {
                selection.Add(ReadDatabase(member.Name, member.Value, at, faults));
            }
        }

        return selection;
    }

    private static DatabaseSelection ReadDatabase(string name, JsonElement database, string path, DefinitionFaults faults)
    {
        var tables = new List<TableSelection>();
        JsonElement? list = null;
        (bool all, string to, OperationKinds operations) = ReadCommon(database, name, path, "Table", member => list = member, faults);
        if (list is { } given && IsObject(given, path + ".Table", faults))
        {
            foreach (JsonProperty table in given.EnumerateObject())
            {
                string at = DefinitionFaults.Child(path + ".Table", table.Name);
                if (IsObject(table.Value, at, faults))
                {
                    tables.Add(ReadTable(table.Name, table.Value, at, faults));
                }
            }
        }

        if (!all && tables.Count == 0)
        {
            faults.Add(path, null, "With all false, the tables are missing.", "Name them in Table, or set all to true.");
        }

        return new DatabaseSelection(name, to, all, tables) { Operations = operations };
    }

    private static TableSelection ReadTable(string name, JsonElement table, string path, DefinitionFaults faults)
    {
        JsonElement? columns = null;
        (bool all, string to, OperationKinds operations) = ReadCommon(table, name, path, "column", member => columns = member, faults);
        if (!all || columns is { ValueKind: JsonValueKind.Object } given && given.EnumerateObject().Any())
        {
            faults.Add(path + ".column", null, "Columns cannot be chosen or renamed yet.", "Set all to true and remove column.");
        }

        return new TableSelection(name, to) { Operations = operations };
    }

    /// <summary>What databases and tables share; <paramref name="parts"/> is the member with what is inside.</summary>
    private static (bool All, string To, OperationKinds Operations) ReadCommon(JsonElement item, string name, string path, string parts, Action<JsonElement> inside, DefinitionFaults faults)
    {
        bool all = true;
        string to = name;
        var operations = default(OperationKinds);
        foreach (JsonProperty member in item.EnumerateObject())
        {
            string at = DefinitionFaults.Child(path, member.Name);
            JsonElement value = member.Value;
            switch (member.Name)
            {
                case "name" when value.ValueKind == JsonValueKind.String:
                    to = value.GetString() is { Length: > 0 } text ? text : name;
                    break;
                case "all" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    all = value.GetBoolean();
                    break;
                case var part when part == parts:
                    inside(value);
                    break;
                case "state" or "type" or "conflict" or "sharedKey" when value.ValueKind is JsonValueKind.String or JsonValueKind.Null:
                    // What answers of the product say about an object; it changes nothing of what is migrated.
                    break;
                case "dml_op":
                    operations = operations with { Dml = ReadDml(value, at, faults) };
                    break;
                case "ddl_op":
                    operations = operations with { Ddl = ReadDdl(value, at, parts == "column" ? DdlKinds.Tables : DdlKinds.All, faults) };
                    break;
                case "filter" when IsEmpty(value):
                    break;
                case "filter":
                    faults.Add(at, null, RowFilter, "Remove the member to migrate every row.");
                    break;
                case "name" or "all":
                    faults.Add(at, DefinitionFaults.Show(value), "The value is of the wrong kind.", member.Name == "all" ? "Write true or false without quotes." : "Write a text.");
                    break;
                default:
                    faults.Add(at, null, "The member is not known.", $"Known here: name, all, {parts}, dml_op, ddl_op, filter.");
                    break;
            }
        }

        return (all, to, operations);
    }

    private static DmlKinds? ReadDml(JsonElement value, string path, DefinitionFaults faults)
    {
        if (IsEmpty(value))
        {
            return null;
        }

        var kinds = DmlKinds.None;
        foreach (string word in Words(value).Where(word => word != Nothing))
        {
            var kind = Letters.FirstOrDefault(l => l.Letter.Equals(word, StringComparison.OrdinalIgnoreCase)).Kind;
            if (kind == DmlKinds.None)
            {
                faults.Add(path, DefinitionFaults.Show(value), $"'{word}' is no kind of row change.", "Use i, u and d with commas, for example \"i,u,d\", or remove the member.");
                return null;
            }

            kinds |= kind;
        }

        return kinds;
    }

    // The product's short codes for DDL are not documented: a guess would leave statements out in silence.
    private static DdlKinds? ReadDdl(JsonElement value, string path, DdlKinds legal, DefinitionFaults faults)
    {
        if (IsEmpty(value))
        {
            return null;
        }

        DdlKinds[] known = [.. OperationKinds.Single(legal)];
        var kinds = DdlKinds.None;
        foreach (string word in Words(value).Where(word => word != Nothing))
        {
            var kind = known.FirstOrDefault(k => k.ToString().Equals(word.Replace(" ", string.Empty, StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
            if (kind == DdlKinds.None)
            {
                faults.Add(path, DefinitionFaults.Show(value), $"'{word}' is not known as a kind of DDL here.", $"Write kinds out, with commas: {string.Join(", ", known)}; or remove the member.");
                return null;
            }

            kinds |= kind;
        }

        return kinds;
    }

    // What is not a text has no word that is known.
    private static string[] Words(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [value.GetRawText()];

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Trim().Length == 0);

    private static bool IsObject(JsonElement value, string path, DefinitionFaults faults)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return true;
        }

        faults.Add(path, DefinitionFaults.Show(value), "The value must be an object.", "Write it like { \"name\": \"new_name\", \"all\": true }.");
        return false;
    }

    internal static JsonDocument Open(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            var fault = new TaskDefinitionFault("$", null, $"Malformed JSON at line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}.", "Look there for a missing or extra comma, quote, brace or bracket.");
            throw new TaskDefinitionException([fault], null, e);
        }
    }
}
