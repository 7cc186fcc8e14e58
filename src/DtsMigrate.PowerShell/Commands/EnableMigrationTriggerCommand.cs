using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>
/// Makes the triggers and events of tasks that have caught up and were stopped active on the destination, as on the source. The last step before applications move: the task cannot be resumed after it.
/// </summary>
[Cmdlet(VerbsLifecycle.Enable, "MigrationTrigger", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MigrationStatus))]
public sealed class EnableMigrationTriggerCommand : ServerTaskCommand
{
    /// <summary>Gives the status afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        RefuseRunning(folder);
        if (!ShouldProcess(Describe(task), "Activate triggers and events on the destination; the task cannot be resumed after that"))
        {
            return;
        }

        RunAsync(async pipeline =>
        {
            var secrets = Secrets(task, folder, pipeline);
            await secrets.ResolveAsync(pipeline.StopToken).ConfigureAwait(false);
            await StoredObjectActivation.ActivateAsync(task, folder, secrets.Resolver, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
        });
        if (PassThru)
        {
            WriteObject(TaskStatusReader.Read(folder));
        }
    }
}
