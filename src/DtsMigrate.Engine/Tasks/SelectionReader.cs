namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads the selected databases and tables of a definition.</summary>
internal static class SelectionReader
{
    public static List<DatabaseSelection> Read(JsonMembers root)
    {
        const string Example = "{ \"shop\": { \"all\": true } }";
        var selection = new List<DatabaseSelection>();
        if (root.Object("objects", known: null, Example) is not { } databases)
        {
            return selection;
        }

        foreach (string name in databases.Names)
        {
            databases.Require(name, "Write { \"all\": true } or name its tables.");
            if (databases.Object(name, TaskMembers.Database, "{ \"all\": true }") is { } database)
            {
                selection.Add(new DatabaseSelection(name, database.Text("to") ?? name, database.Flag("all", false), ReadTables(database)) { Operations = OperationKinds.Read(database, DdlKinds.All) });
            }
        }

        return selection;
    }

    private static List<TableSelection> ReadTables(JsonMembers database)
    {
        var selection = new List<TableSelection>();
        if (database.Object("tables", known: null, "{ \"orders\": {}, \"client\": { \"to\": \"customer\" } }") is not { } tables)
        {
            return selection;
        }

        foreach (string name in tables.Names)
        {
            tables.Require(name, "Write {} or { \"to\": \"new_name\" }.");
            if (tables.Object(name, TaskMembers.Table, "{} or { \"to\": \"new_name\" }") is { } table)
            {
                selection.Add(new TableSelection(name, table.Text("to") ?? name) { Operations = OperationKinds.Read(table, DdlKinds.Tables) });
            }
        }

        return selection;
    }
}
