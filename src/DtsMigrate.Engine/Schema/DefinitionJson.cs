using System.Text.Encodings.Web;
using System.Text.Json;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Schema;

/// <summary>A definition as the text that the checkpoint keeps.</summary>
internal static class DefinitionJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = DefinitionJsonContext.Default,
    };

    /// <summary>The text.</summary>
    public static string Write(TableDefinition definition) => JsonSerializer.Serialize(definition, Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DtsMigrateException">Code <c>CheckpointDamaged</c>: it is something else.</exception>
    public static TableDefinition Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<TableDefinition>(json, Options) ?? throw new JsonException("null");
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
