using System.Management.Automation;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Removes tasks with their folders, on demand also their progress from the destination. What was migrated stays.</summary>
[Cmdlet(VerbsCommon.Remove, "MigrationTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveMigrationTaskCommand : ServerTaskCommand
{
    /// <summary>Removes the rows of the task in schema dts_migrate of the destination as well: it cannot be resumed from there any more.</summary>
    [Parameter]
    public SwitchParameter IncludeProgress { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        if (!ShouldProcess(folder.Name, IncludeProgress ? "Remove the task and its progress on the destination" : "Remove the task"))
        {
            return;
        }

        RefuseRunning(folder);
        if (IncludeProgress)
        {
            MigrationTask task = folder.ReadTask();
            RunAsync(async pipeline =>
            {
                var secrets = Secrets(task, folder, pipeline);
                await ProgressRemover.RemoveAsync(task, secrets.Resolver, dropTables: false, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
            });
        }

        new TaskHome().Remove(folder.Name);
        SessionSecrets.Set(folder.FullPath, "source", null);
        SessionSecrets.Set(folder.FullPath, "destination", null);
    }
}
