using System.Management.Automation;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Changes the throttle of a task, whether it runs or not. A running task obeys within two seconds.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationTaskInfo))]
public sealed class SetMigrationTaskCommand : NamedTaskCommand
{
    /// <summary>Queries per second to the source during full data migration; 0 lifts the limit.</summary>
    [Parameter]
    public long? FullQueriesPerSecond { get; set; }

    /// <summary>Rows per second of full data migration; 0 lifts the limit.</summary>
    [Parameter]
    public long? FullRowsPerSecond { get; set; }

    /// <summary>Megabytes per second of full data migration; 0 lifts the limit.</summary>
    [Parameter]
    public long? FullMegabytesPerSecond { get; set; }

    /// <summary>Row changes per second of incremental data migration; 0 lifts the limit.</summary>
    [Parameter]
    public long? IncrementalRowsPerSecond { get; set; }

    /// <summary>Megabytes per second of incremental data migration; 0 lifts the limit.</summary>
    [Parameter]
    public long? IncrementalMegabytesPerSecond { get; set; }

    /// <summary>Gives the task afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private ThrottleChange Change => new()
    {
        FullQueriesPerSecond = FullQueriesPerSecond,
        FullRowsPerSecond = FullRowsPerSecond,
        FullMegabytesPerSecond = FullMegabytesPerSecond,
        IncrementalRowsPerSecond = IncrementalRowsPerSecond,
        IncrementalMegabytesPerSecond = IncrementalMegabytesPerSecond,
    };

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        if (Change == new ThrottleChange())
        {
            throw new DtsMigrateException("NothingToChange", $"Nothing is to be changed of task '{folder.Name}'.")
            {
                Target = folder.Name,
                RecommendedAction = "Name at least one limit, for example -FullRowsPerSecond 10000; 0 lifts a limit.",
            };
        }

        Change.Validate();
        if (!ShouldProcess(Describe(folder.ReadTask()), "Change the throttle"))
        {
            return;
        }

        RunAsync(async pipeline =>
        {
            ThrottleLimits limits = await MigrationControl.SetThrottleAsync(folder, Change, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
            pipeline.Post(() => WriteVerbose($"{folder.Name}: {(limits == ThrottleLimits.None ? "no throttle" : $"throttle {limits}")}"));
        });
        if (PassThru)
        {
            WriteObject(MigrationTaskInfo.From(folder.ReadTask(), folder));
        }
    }
}
