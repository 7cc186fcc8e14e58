using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Tells whether progress on a destination belongs to the definition at hand.</summary>
public static class DefinitionHash
{
    /// <summary>
    /// SHA-256, lower-case hex, over objects with their mapping (in any order), kinds of DML and DDL, migration types and conflict mode. Of the options over those that
    /// decide what is on the destination (capitalization, collations and online DDL, where they are not the default). Not over hosts, accounts and other options: those may change between two runs of a task.
    /// </summary>
    public static string Of(MigrationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            TaskDefinitionWriter.WriteTypes(json, task.MigrationTypes);
            task.Operations.Write(json);
            TaskDefinitionWriter.WriteObjects(json, task.Objects
                .OrderBy(database => database.Name, StringComparer.Ordinal)
                .Select(database => database with { Tables = [.. database.Tables.OrderBy(table => table.Name, StringComparer.Ordinal)] }));
            json.WriteString("conflictMode", task.ConflictMode.ToString());
            if (task.Options.Capitalization != NameCapitalization.Default)
            {
                json.WriteString("capitalization", task.Options.Capitalization.ToString());
            }

            CollationMapJson.Write(json, task.Options.CollationMap);
            if (task.Options.OnlineDdl != OnlineDdlOptions.CopyTables)
            {
                OnlineDdlJson.Write(json, task.Options.OnlineDdl);
            }

            json.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }
}
