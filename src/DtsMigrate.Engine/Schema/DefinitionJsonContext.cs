using System.Text.Json.Serialization;

namespace DtsMigrate.Engine.Schema;

/// <summary>Definitions, described when the engine is built instead of by reflection when it starts.</summary>
[JsonSerializable(typeof(TableDefinition))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class DefinitionJsonContext : JsonSerializerContext;
