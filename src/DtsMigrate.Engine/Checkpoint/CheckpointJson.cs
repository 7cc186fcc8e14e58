using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>Values of several parts in one column of the checkpoint, as JSON.</summary>
internal static class CheckpointJson
{
    private static readonly CheckpointJsonContext Context = new(new JsonSerializerOptions { IncludeFields = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The text.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Type<T>());

    /// <summary>Reads what <see cref="Write"/> wrote; null for <c>null</c>.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static T? Read<T>(string json) => JsonSerializer.Deserialize(json, Type<T>());

    private static JsonTypeInfo<T> Type<T>() => (JsonTypeInfo<T>)Context.Options.GetTypeInfo(typeof(T));
}
