using System.Text.Json.Serialization;
using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Assessment;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Hosting;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Report;
using DtsMigrate.Engine.Throttling;

namespace DtsMigrate.Engine.Tasks;

/// <summary>
/// What is read and written as JSON, described when the engine is built: reflection would emit and compile a method for each member when a worker starts, and a worker compiled to
/// native code has none. <see cref="TaskJson.Options"/> adds the encoder.
/// </summary>
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(AlertRecord))]
[JsonSerializable(typeof(AssessmentReport))]
[JsonSerializable(typeof(CopyRoleStatus))]
[JsonSerializable(typeof(DdlRecord))]
[JsonSerializable(typeof(IReadOnlyList<PrecheckIgnore>))]
[JsonSerializable(typeof(IReadOnlyList<TableStatus>))]
[JsonSerializable(typeof(List<PrecheckApproval>))]
[JsonSerializable(typeof(List<PrecheckIgnore>))]
[JsonSerializable(typeof(List<TableStatus>))]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(MigrationStatus))]
[JsonSerializable(typeof(PrecheckRecord))]
[JsonSerializable(typeof(PrecheckResult))]
[JsonSerializable(typeof(ReportData))]
[JsonSerializable(typeof(StatusSample))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(TaskCommand))]
[JsonSerializable(typeof(TaskCommandAnswer))]
[JsonSerializable(typeof(TaskStateRecord))]
[JsonSerializable(typeof(ThrottleRecord))]
[JsonSerializable(typeof(WorkerHandover))]
[JsonSerializable(typeof(WorkerIdentity))]
[JsonSerializable(typeof(WorkerReply))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
internal sealed partial class TaskJsonContext : JsonSerializerContext;
