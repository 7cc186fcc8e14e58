namespace DtsMigrate.Engine.Tasks;

/// <summary>The rules of selected objects and their names.</summary>
internal static class SelectionValidator
{
    // MySQL manual, "Identifier Length Limits".
    private const int LongestIdentifier = 64;

    private static readonly string[] Reserved = ["mysql", "sys", "performance_schema", "information_schema", "dts_migrate"];

    public static void Check(IReadOnlyList<DatabaseSelection> databases, DefinitionFaults faults)
    {
        const string Root = "$.objects";
        if (databases.Count == 0 && !faults.AnyInside(Root))
        {
            faults.Add(Root, "{}", "No database is selected.", "Select at least one, for example { \"shop\": { \"all\": true } }.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var destinations = new Dictionary<QualifiedName, QualifiedName>();
        foreach (DatabaseSelection database in databases)
        {
            string path = DefinitionFaults.Child(Root, database.Name);
            if (!names.Add(database.Name))
            {
                faults.Add(path, null, "The database is selected twice.", "Join the two selections.");
            }

            CheckDatabaseName(database.Name, path, faults);
            if (database.To != database.Name)
            {
                CheckDatabaseName(database.To, path + ".to", faults);
            }

            if (!database.All && database.Tables.Count == 0 && !faults.AnyInside(path))
            {
                faults.Add(path, "{}", "Nothing of the database is selected.", "Write \"all\": true, or name its tables in \"tables\".");
            }

            CheckTables(database, path, destinations, faults);
        }
    }

    private static void CheckTables(DatabaseSelection database, string path, Dictionary<QualifiedName, QualifiedName> destinations, DefinitionFaults faults)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (TableSelection table in database.Tables)
        {
            string at = DefinitionFaults.Child(path + ".tables", table.Name);
            if (!names.Add(table.Name))
            {
                faults.Add(at, null, "The table is selected twice.", "Keep one of them.");
                continue;
            }

            CheckIdentifier(table.Name, at, "table", faults);
            if (table.To != table.Name)
            {
                CheckIdentifier(table.To, at + ".to", "table", faults);
            }

            var source = new QualifiedName(database.Name, table.Name);
            var destination = new QualifiedName(database.To, table.To);
            if (!destinations.TryAdd(destination, source))
            {
                faults.Add(
                    table.To == table.Name ? at : at + ".to",
                    DefinitionFaults.Show(destination.ToString()),
                    $"'{destinations[destination]}' has this name on the destination, too.",
                    "Give one of the two tables another name by \"to\".");
            }
        }
    }

    private static void CheckDatabaseName(string name, string path, DefinitionFaults faults)
    {
        CheckIdentifier(name, path, "database", faults);
        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            faults.Add(path, DefinitionFaults.Show(name), "This database belongs to the server or to DtsMigrate and is not migrated.", "Choose another database.");
        }
    }

    // MySQL manual, "Schema Object Names": no U+0000, nothing beyond the basic multilingual plane, no space at the end.
    private static void CheckIdentifier(string name, string path, string kind, DefinitionFaults faults)
    {
        if (name.Length == 0)
        {
            faults.Add(path, "\"\"", $"The name of the {kind} is empty.", "Give its name.");
        }
        else if (name.Length > LongestIdentifier)
        {
            faults.Add(path, DefinitionFaults.Show(name), $"The name has {name.Length} characters; MySQL allows {LongestIdentifier}.", "Give a shorter name.");
        }
        else if (name.Any(c => c == '\0' || char.IsSurrogate(c)) || name[^1] == ' ')
        {
            faults.Add(path, DefinitionFaults.Show(name), $"This cannot be the name of a {kind}.", "Leave out NUL, characters beyond U+FFFF, and a space at the end.");
        }
    }
}
