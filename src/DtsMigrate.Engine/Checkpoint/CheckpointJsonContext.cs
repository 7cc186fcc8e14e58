using System.Text.Json.Serialization;
using DtsMigrate.Engine.Replication.OnlineDdl;

namespace DtsMigrate.Engine.Checkpoint;

/// <summary>What <see cref="CheckpointJson"/> writes, described when the engine is built instead of by reflection when it starts.</summary>
[JsonSerializable(typeof(IReadOnlyList<ShadowStatement>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(string[][]))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, IncludeFields = true)]
internal sealed partial class CheckpointJsonContext : JsonSerializerContext;
