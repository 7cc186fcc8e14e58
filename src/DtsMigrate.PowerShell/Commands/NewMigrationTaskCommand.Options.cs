using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;

namespace DtsMigrate.PowerShell.Commands;

/// <content>Options that have parameters of their own.</content>
public sealed partial class NewMigrationTaskCommand
{
    /// <summary>How much full data migration takes; default Auto.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateSet("Auto", "Small", "Medium", "Large", "XLarge", "2XLarge")]
    public string? Size { get; set; }

    /// <summary>Minutes of retrying a lost or refused connection; 10..1440, default 720.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateRange(10, 1440)]
    public int? RetryFailedConnectionsMinutes { get; set; }

    /// <summary>Minutes of retrying other passing failures; 1..1440, less than for connections, default 10.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateRange(1, 1440)]
    public int? RetryOtherIssuesMinutes { get; set; }

    /// <summary>Threads of full data migration; 1..64; wins over the size.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateRange(1, 64)]
    public int? CopyThreads { get; set; }

    /// <summary>When indexes that rows do not need are built: Auto (default), Always or Never.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public LateIndexes? LateIndexes { get; set; }

    /// <summary>A warning of the precheck that nobody has approved keeps the task from starting.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public SwitchParameter RequireApproval { get; set; }

    /// <summary>What the task tells about itself, and whom: <c>@{ OnFailure = $true; LagSeconds = 60; Webhook = 'https://...' }</c>.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNull]
    public IDictionary? Alert { get; set; }

    /// <summary>Environment that the task belongs to, for lists and reports; 1 to 32 characters.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateLength(1, 32)]
    public string? EnvironmentTag { get; set; }

    /// <summary>Queries per second to the source during full data migration; 0 for no limit.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public long? FullQueriesPerSecond { get; set; }

    /// <summary>Rows per second of full data migration; 0 for no limit.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public long? FullRowsPerSecond { get; set; }

    /// <summary>Megabytes per second of full data migration; 0 for no limit.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public long? FullMegabytesPerSecond { get; set; }

    /// <summary>Row changes per second of incremental data migration; 0 for no limit.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public long? IncrementalRowsPerSecond { get; set; }

    /// <summary>Megabytes per second of incremental data migration; 0 for no limit.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public long? IncrementalMegabytesPerSecond { get; set; }

    /// <summary>Settings of the destination server to change while rows are copied.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    [ValidateSet(nameof(Engine.Tasks.DestinationTuning.RelaxedFlush), nameof(Engine.Tasks.DestinationTuning.RedoLogOff))]
    public string[]? DestinationTuning { get; set; }

    /// <summary>Accounts and roles to migrate, each as user@host; * for all but system accounts.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string[]? Account { get; set; }

    /// <summary>Whose rights views, routines, triggers and events have on the destination; default Destination.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public DefinerMode? DefinerMode { get; set; }

    /// <summary>When triggers are created; default Manual: at the end.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public TriggerMethod? TriggerMethod { get; set; }

    /// <summary>Do not migrate the events of the selected databases.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public SwitchParameter ExcludeEvent { get; set; }

    /// <summary>The options: those of <see cref="Option"/>, and over them those with parameters of their own; null for none.</summary>
    private JsonObject? Options()
    {
        JsonObject options = Option is null ? [] : OptionArguments.Build(Option);
        if (Size is not null)
        {
            // ValidateSet takes any case; definitions do not.
            options["size"] = TaskSizes.Names.First(name => name.Equals(Size, StringComparison.OrdinalIgnoreCase));
        }

        Put(options, "retryFailedConnectionsMinutes", RetryFailedConnectionsMinutes);
        Put(options, "retryOtherIssuesMinutes", RetryOtherIssuesMinutes);
        Put(options, "copyThreads", CopyThreads);
        Put(options, "lateIndexes", LateIndexes?.ToString());
        Put(options, "requireApprovals", RequireApproval ? true : null);
        Put(options, "alerts", Alert is null ? null : OptionArguments.Build(Alert));
        Put(options, "environmentTag", EnvironmentTag);
        if (DestinationTuning is not null)
        {
            options["destinationTuning"] = new JsonArray([.. DestinationTuning.Select(word => (JsonNode)JsonValue.Create(Enum.Parse<DestinationTuning>(word, ignoreCase: true).ToString()))]);
        }

        if (DefinerMode is { } definer)
        {
            options["definerMode"] = definer.ToString();
        }

        if (TriggerMethod is { } method)
        {
            options["triggerMethod"] = method.ToString();
        }

        if (ExcludeEvent.IsPresent)
        {
            options["migrateEvents"] = !ExcludeEvent.ToBool();
        }

        (string Member, long? Limit)[] limits =
        [
            (TaskOptionRange.FullQueriesPerSecond.Member, FullQueriesPerSecond),
            (TaskOptionRange.FullRowsPerSecond.Member, FullRowsPerSecond),
            (TaskOptionRange.FullMegabytesPerSecond.Member, FullMegabytesPerSecond),
            (TaskOptionRange.IncrementalRowsPerSecond.Member, IncrementalRowsPerSecond),
            (TaskOptionRange.IncrementalMegabytesPerSecond.Member, IncrementalMegabytesPerSecond),
        ];
        foreach ((string member, long? limit) in limits)
        {
            if (limit is { } value)
            {
                if (options["throttle"] is not JsonObject throttle)
                {
                    options["throttle"] = throttle = [];
                }

                throttle[member] = value;
            }
        }

        return options.Count == 0 ? null : options;
    }

    private static void Put(JsonObject options, string member, JsonNode? value)
    {
        if (value is not null)
        {
            options[member] = value;
        }
    }
}
