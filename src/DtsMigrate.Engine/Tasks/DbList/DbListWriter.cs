using System.Buffers;
using System.Text;
using System.Text.Json;

namespace DtsMigrate.Engine.Tasks.DbList;

/// <summary>Writes the objects of a task as a <c>DbList</c> of Alibaba Cloud DTS, so that <see cref="DbListReader"/> reads the same selection.</summary>
public static class DbListWriter
{
    private static readonly JsonWriterOptions Format = new() { Indented = true, NewLine = "\n", Encoder = TaskJson.Options.Encoder };

    /// <summary>The list, indented.</summary>
    public static string ToJson(IEnumerable<DatabaseSelection> objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            foreach (DatabaseSelection database in objects)
            {
                Write(json, database);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, DatabaseSelection database)
    {
        json.WriteStartObject(database.Name);
        json.WriteString("name", database.To);
        json.WriteBoolean("all", database.All);
        Write(json, database.Operations);
        if (database.Tables.Count > 0)
        {
            json.WriteStartObject("Table");
            foreach (TableSelection table in database.Tables)
            {
                json.WriteStartObject(table.Name);
                json.WriteString("name", table.To);
                json.WriteBoolean("all", true);
                Write(json, table.Operations);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OperationKinds operations)
    {
        if (operations.Dml is { } dml)
        {
            json.WriteString("dml_op", dml == DmlKinds.None ? DbListReader.Nothing : string.Join(',', new[] { (DmlKinds.Insert, "i"), (DmlKinds.Update, "u"), (DmlKinds.Delete, "d") }.Where(kind => dml.HasFlag(kind.Item1)).Select(kind => kind.Item2)));
        }

        if (operations.Ddl is { } ddl)
        {
            json.WriteString("ddl_op", ddl == DdlKinds.None ? DbListReader.Nothing : string.Join(',', OperationKinds.Single(ddl)));
        }
    }
}
