using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Asks the worker of a task to write its checkpoint and end. The task can be started again and goes on from there.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Migration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MigrationStatus))]
public sealed class StopMigrationCommand : NamedTaskCommand
{
    /// <summary>Waits until the worker has ended.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Longest wait in seconds, 1..86400; default 300.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    [Alias("TimeoutSec")]
    public int Timeout { get; set; } = 300;

    /// <summary>Kills the worker's process instead of asking it. No data is lost: the next start resumes from the destination.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the status afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        if (!ShouldProcess(Describe(folder.ReadTask()), Force ? "Kill the worker" : "Stop the migration"))
        {
            return;
        }

        RunAsync(async pipeline =>
        {
            if (Force)
            {
                WorkerProcess.Kill(folder);
            }
            else
            {
                string words = await WorkerProcess.AskAsync(folder, TaskCommandKind.Stop, pipeline.StopToken).ConfigureAwait(false);
                pipeline.Post(() => WriteVerbose($"{folder.Name}: {words}"));
            }

            if (Wait || Force)
            {
                await WorkerProcess.WaitEndAsync(folder, TimeSpan.FromSeconds(Timeout), pipeline.StopToken).ConfigureAwait(false);
            }
        });
        if (PassThru)
        {
            WriteObject(TaskStatusReader.Read(folder));
        }
    }
}
