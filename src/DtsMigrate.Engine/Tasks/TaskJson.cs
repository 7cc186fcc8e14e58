using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DtsMigrate.Engine.Tasks;

/// <summary>How the files of a task folder, and status objects on standard output, are written: camelCase, enums by name, one line.</summary>
public static class TaskJson
{
    /// <summary>The options. They know the engine's own types and no others (<see cref="TaskJsonContext"/>).</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    private static readonly JsonSerializerOptions Indented = Make(indented: true);

    /// <summary>One line.</summary>
    /// <exception cref="NotSupportedException">The type is not one of the engine's.</exception>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Type<T>());

    /// <summary>The same on several lines, for reports.</summary>
    internal static string WriteIndented<T>(T value) => JsonSerializer.Serialize(value, Type<T>(Indented));

    /// <summary>Reads what <see cref="Write"/> wrote; null for <c>null</c>.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    internal static T? Read<T>(string json) => JsonSerializer.Deserialize(json, Type<T>());

    /// <summary>How a type is written.</summary>
    internal static JsonTypeInfo<T> Type<T>() => Type<T>(Options);

    private static JsonTypeInfo<T> Type<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(TaskJsonContext.Default.Options)
        {
            WriteIndented = indented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = TaskJsonContext.Default,
        };
        options.MakeReadOnly();
        return options;
    }
}
