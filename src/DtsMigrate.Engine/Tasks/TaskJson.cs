using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DtsMigrate.Engine.Tasks;

/// <summary>How the files of a task folder, and status objects on standard output, are written: camelCase, enums by name, one line.</summary>
public static class TaskJson
{
    /// <summary>The options.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter() },

            // What only some commands write, and what is not the engine's own, is found by reflection.
            TypeInfoResolver = JsonTypeInfoResolver.Combine(TaskJsonContext.Default, new DefaultJsonTypeInfoResolver()),
        };
        options.MakeReadOnly();
        return options;
    }
}
