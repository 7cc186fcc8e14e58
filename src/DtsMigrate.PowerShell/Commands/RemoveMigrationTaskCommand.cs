using System.Management.Automation;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Removes tasks with their folders, on demand also their progress from the destination. What was migrated stays.</summary>
[Cmdlet(VerbsCommon.Remove, "MigrationTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveMigrationTaskCommand : TaskNameCommand
{
    /// <summary>Names or patterns of tasks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Removes the rows of the task in schema dts_migrate of the destination as well: it cannot be resumed from there any more.</summary>
    [Parameter]
    public SwitchParameter IncludeProgress { get; set; }

    /// <summary>Account of the source, for a task without a reference to its password. Kept in memory only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? SourceCredential { get; set; }

    /// <summary>Account of the destination, likewise.</summary>
    [Parameter]
    [Credential]
    public PSCredential? DestinationCredential { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (TaskFolder folder in Resolve(Name))
        {
            ForInput(folder.Name, () => Remove(folder));
        }
    }

    private void Remove(TaskFolder folder)
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
                var secrets = new TaskSecrets(task, folder, pipeline, SourceCredential, DestinationCredential);
                await ProgressRemover.RemoveAsync(task, secrets.Resolver, dropTables: false, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
            });
        }

        new TaskHome().Remove(folder.Name);
        SessionSecrets.Set(folder.FullPath, "source", null);
        SessionSecrets.Set(folder.FullPath, "destination", null);
    }
}
