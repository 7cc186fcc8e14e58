using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema;

/// <summary>A definition as the text that the checkpoint keeps.</summary>
internal static class DefinitionJson
{
    private static readonly JsonTypeInfo<TableDefinition> Type =
        new DefinitionJsonContext(new JsonSerializerOptions { IgnoreReadOnlyProperties = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).TableDefinition;

    /// <summary>The text.</summary>
    public static string Write(TableDefinition definition) => JsonSerializer.Serialize(definition, Type);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DtsMigrateException">Code <c>CheckpointDamaged</c>: it is something else.</exception>
    public static TableDefinition Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new DtsMigrateException("CheckpointDamaged", $"A definition in dts_migrate.definition cannot be read: {e.Message}", e)
            {
                Target = "dts_migrate.definition",
                RecommendedAction = "Create a new task for the table.",
            };
        }
    }
}
