using System.Text.Json.Serialization;
using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tasks;

/// <summary>
/// What every worker reads and writes, described when it is built instead of by reflection when it starts: reflection emits and compiles a method for each member.
/// Only which types these are comes from here; how they are written, from <see cref="TaskJson.Options"/>.
/// </summary>
[JsonSerializable(typeof(AlertRecord))]
[JsonSerializable(typeof(IReadOnlyList<TableStatus>))]
[JsonSerializable(typeof(List<PrecheckApproval>))]
[JsonSerializable(typeof(List<PrecheckIgnore>))]
[JsonSerializable(typeof(List<TableStatus>))]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(MigrationStatus))]
[JsonSerializable(typeof(PrecheckRecord))]
[JsonSerializable(typeof(StatusSample))]
[JsonSerializable(typeof(TaskCommand))]
[JsonSerializable(typeof(TaskCommandAnswer))]
[JsonSerializable(typeof(TaskStateRecord))]
[JsonSerializable(typeof(ThrottleRecord))]
[JsonSerializable(typeof(WorkerIdentity))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class TaskJsonContext : JsonSerializerContext;
