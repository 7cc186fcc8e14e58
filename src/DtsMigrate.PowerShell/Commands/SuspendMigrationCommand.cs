using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>
/// Lets migrations rest at a checkpoint until Resume-Migration: nothing is written to the destination. With a spool the source's binary log is pulled on; without one both servers are left alone.
/// </summary>
[Cmdlet(VerbsLifecycle.Suspend, "Migration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MigrationStatus))]
public sealed class SuspendMigrationCommand : NamedTaskCommand
{
    /// <summary>Longest wait for the checkpoint in seconds, 1..86400; default 300.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    [Alias("TimeoutSec")]
    public int Timeout { get; set; } = 300;

    /// <summary>Gives the status afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        var task = folder.ReadTask();
        if (!ShouldProcess(Describe(task), "Suspend the migration"))
        {
            return;
        }

        RunAsync(async pipeline =>
        {
            await WorkerProcess.AskAsync(folder, TaskCommandKind.Suspend, pipeline.StopToken).ConfigureAwait(false);

            // Only a worker that pulls the log on stays. The others write Suspended and then end, and must be gone before somebody resumes.
            bool stays = task.MigrationTypes.HasFlag(MigrationTypes.Incremental) && task.Options.BinlogSpoolMegabytes > 0;
            await WorkerProcess.WaitAsync(folder, state => stays && state == TaskState.Suspended, TimeSpan.FromSeconds(Timeout), pipeline.StopToken).ConfigureAwait(false);
        });
        if (PassThru)
        {
            WriteObject(TaskStatusReader.Read(folder));
        }
    }
}
