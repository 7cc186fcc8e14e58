using System.Collections;
using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;

namespace DtsMigrate.PowerShell.Commands;

/// <content>The options of a task. Each property's attribute names the member that it sets; defaults are those of the definition.</content>
public abstract partial class TaskDefinitionCommand
{
    /// <summary>Minutes of retrying a lost or refused connection; default 720.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.RetryFailedConnectionsMinutes))]
    [TaskMember("options.retryFailedConnectionsMinutes")]
    public int? RetryFailedConnectionsMinutes { get; set; }

    /// <summary>Minutes of retrying other passing failures, less than for connections; default 10.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.RetryOtherIssuesMinutes))]
    [TaskMember("options.retryOtherIssuesMinutes")]
    public int? RetryOtherIssuesMinutes { get; set; }

    /// <summary>Days for which a failed task tries again by itself; default 0.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.AutoRecoveryDays))]
    [TaskMember("options.autoRecoveryDays")]
    public int? AutoRecoveryDays { get; set; }

    /// <summary>How much full data migration takes; default Auto.</summary>
    [Parameter]
    [ValidateSet("Auto", "Small", "Medium", "Large", "XLarge", "2XLarge")]
    [TaskMember("options.size")]
    public string? Size { get; set; }

    /// <summary>Threads of full data migration; wins over the size.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.CopyThreads))]
    [TaskMember("options.copyThreads")]
    public int? CopyThreads { get; set; }

    /// <summary>Size aimed at for a chunk of a table in bytes, for example 32MB; wins over the size.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.ChunkBytes))]
    [TaskMember("options.chunkBytes")]
    public long? ChunkBytes { get; set; }

    /// <summary>When indexes that rows do not need are built: Auto (default), Always or Never.</summary>
    [Parameter]
    [TaskMember("options.lateIndexes")]
    public LateIndexes? LateIndexes { get; set; }

    /// <summary>How changes are written while the stream is behind; default Auto.</summary>
    [Parameter]
    [TaskMember("options.applyMode")]
    public ApplyMode? ApplyMode { get; set; }

    /// <summary>What happens when the destination refuses a DDL statement of the source; default Stop.</summary>
    [Parameter]
    [TaskMember("options.ddlFailure")]
    public DdlFailurePolicy? DdlFailure { get; set; }

    /// <summary>What becomes of generated values that depend on the session; default Exact.</summary>
    [Parameter]
    [TaskMember("options.generatedColumns")]
    public GeneratedColumnPolicy? GeneratedColumns { get; set; }

    /// <summary>What becomes of the temporary tables of online DDL tools; default CopyTables.</summary>
    [Parameter]
    [TaskMember("options.onlineDdl")]
    public OnlineDdlMode? OnlineDdl { get; set; }

    /// <summary>Regular expression for names of shadow tables; the tool's own when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("options.onlineDdlShadow")]
    public string? OnlineDdlShadow { get; set; }

    /// <summary>Regular expression for names of other temporary tables; the tool's own when left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [TaskMember("options.onlineDdlTrash")]
    public string? OnlineDdlTrash { get; set; }

    /// <summary>Megabytes of the task folder in which the source's binary log is kept ahead of the applier; default 0.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.BinlogSpoolMegabytes))]
    [TaskMember("options.binlogSpoolMegabytes")]
    public long? BinlogSpoolMegabytes { get; set; }

    /// <summary>server_id with which the source's binary log is read; 0, the default, draws one that is free.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.ReplicaServerId))]
    [TaskMember("options.replicaServerId")]
    public long? ReplicaServerId { get; set; }

    /// <summary>Writes a row each second to the source while the task runs, so that an idle source shows life.</summary>
    [Parameter]
    [TaskMember("options.heartbeat")]
    public SwitchParameter Heartbeat { get; set; }

    /// <summary>Keeps what is migrated out of the destination's own binary log.</summary>
    [Parameter]
    [TaskMember("options.destinationBinlog", Inverted = true)]
    public SwitchParameter SkipDestinationBinlog { get; set; }

    /// <summary>Letters in names of databases, tables and columns on the destination; default Default.</summary>
    [Parameter]
    [TaskMember("options.capitalization")]
    public NameCapitalization? Capitalization { get; set; }

    /// <summary>Collations that become others on the destination: <c>@{ utf8mb4_0900_ai_ci = 'utf8mb4_unicode_ci' }</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    [TaskMember("options.collationMap")]
    public IDictionary? CollationMap { get; set; }

    /// <summary>Whose rights views, routines, triggers and events have on the destination; default Destination.</summary>
    [Parameter]
    [TaskMember("options.definerMode")]
    public DefinerMode? DefinerMode { get; set; }

    /// <summary>When triggers are created; default Manual: at the end.</summary>
    [Parameter]
    [TaskMember("options.triggerMethod")]
    public TriggerMethod? TriggerMethod { get; set; }

    /// <summary>Do not migrate the events of the selected databases.</summary>
    [Parameter]
    [TaskMember("options.migrateEvents", Inverted = true)]
    public SwitchParameter ExcludeEvent { get; set; }

    /// <summary>Settings of the destination server to change while rows are copied.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [TaskMember("options.destinationTuning")]
    public DestinationTuning[]? DestinationTuning { get; set; }

    /// <summary>A warning of the precheck that nobody has approved keeps the task from starting.</summary>
    [Parameter]
    [TaskMember("options.requireApprovals")]
    public SwitchParameter RequireApproval { get; set; }

    /// <summary>Assess the task after the precheck of a start; the findings stand in the log and block nothing.</summary>
    [Parameter]
    [TaskMember("options.migrationAssessment")]
    public SwitchParameter MigrationAssessment { get; set; }

    /// <summary>Environment that the task belongs to, for lists and reports; 1 to 32 characters.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.environmentTag")]
    public string? EnvironmentTag { get; set; }

    /// <summary>Options by the names of the definition: <c>@{ CopyThreads = 8 }</c>. A parameter of its own wins.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Option { get; set; }
}
