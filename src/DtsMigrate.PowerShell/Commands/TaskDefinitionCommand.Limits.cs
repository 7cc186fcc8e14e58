using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;

namespace DtsMigrate.PowerShell.Commands;

/// <content>How much a task may ask of its servers, and the load above which it gives way.</content>
public abstract partial class TaskDefinitionCommand
{
    /// <summary>Queries per second to the source during full data migration; 0 for no limit.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.FullQueriesPerSecond))]
    [TaskMember("options.throttle.fullQueriesPerSecond")]
    public long? FullQueriesPerSecond { get; set; }

    /// <summary>Rows per second of full data migration; 0 for no limit.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.FullRowsPerSecond))]
    [TaskMember("options.throttle.fullRowsPerSecond")]
    public long? FullRowsPerSecond { get; set; }

    /// <summary>Megabytes per second of full data migration; 0 for no limit.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.FullMegabytesPerSecond))]
    [TaskMember("options.throttle.fullMegabytesPerSecond")]
    public long? FullMegabytesPerSecond { get; set; }

    /// <summary>Row changes per second of incremental data migration; 0 for no limit.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.IncrementalRowsPerSecond))]
    [TaskMember("options.throttle.incrementalRowsPerSecond")]
    public long? IncrementalRowsPerSecond { get; set; }

    /// <summary>Megabytes per second of incremental data migration; 0 for no limit.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.IncrementalMegabytesPerSecond))]
    [TaskMember("options.throttle.incrementalMegabytesPerSecond")]
    public long? IncrementalMegabytesPerSecond { get; set; }

    /// <summary>Threads_running of the source above which the copy gives way; 0, the default, does not watch it.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.ThreadsRunning))]
    [TaskMember("options.loadLimits.threadsRunning")]
    public int? MaxThreadsRunning { get; set; }

    /// <summary>Seconds of replica lag above which the copy gives way; 0, the default, does not watch it.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.ReplicaLagSeconds))]
    [TaskMember("options.loadLimits.replicaLagSeconds")]
    public int? MaxReplicaLagSeconds { get; set; }

    /// <summary>Replica of the source whose lag is watched, as <c>host:port</c>.</summary>
    [Parameter]
    [AllowEmptyString]
    [TaskMember("options.loadLimits.replica")]
    public string? Replica { get; set; }

    /// <summary>History list length of the source above which the copy gives way; 0, the default, does not watch it.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.HistoryLength))]
    [TaskMember("options.loadLimits.historyLength")]
    public long? MaxHistoryLength { get; set; }

    /// <summary>Threads_running of the destination above which the copy gives way; 0, the default, does not watch it.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.DestinationThreadsRunning))]
    [TaskMember("options.loadLimits.destinationThreadsRunning")]
    public int? MaxDestinationThreadsRunning { get; set; }

    /// <summary>Age of the destination's checkpoint in percent of its redo log above which the copy gives way; 0, the default, does not watch it.</summary>
    [Parameter]
    [AllowedRange(nameof(TaskOptionRange.DestinationRedoPercent))]
    [TaskMember("options.loadLimits.destinationRedoPercent")]
    public int? MaxDestinationRedoPercent { get; set; }
}
