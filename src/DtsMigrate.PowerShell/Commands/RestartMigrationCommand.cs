using System.Management.Automation;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Does a migration again from the beginning: drops the tables that it has created on the destination, forgets its progress, and starts it.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Migration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = DetachedSet)]
[OutputType(typeof(MigrationStatus), typeof(Job))]
public sealed class RestartMigrationCommand : RunMigrationCommand
{
    /// <summary>Leaves the tables on the destination as they are; for tasks whose tables were there before.</summary>
    [Parameter]
    public SwitchParameter KeepTables { get; set; }

    /// <inheritdoc/>
    protected override string Action => KeepTables
        ? "Forget the progress on the destination and start the migration from the beginning"
        : "DROP the tables that the task has created on the destination, forget its progress and start the migration from the beginning";

    /// <inheritdoc/>
    protected override void Check(TaskFolder folder) => RefuseRunning(folder);

    /// <inheritdoc/>
    internal override async Task PrepareAsync(MigrationTask task, TaskFolder folder, TaskSecrets secrets, PipelineThread pipeline)
    {
        IReadOnlyList<QualifiedName> dropped = await ProgressRemover.RemoveAsync(task, secrets.Resolver, !KeepTables, TimeProvider.System, pipeline.StopToken).ConfigureAwait(false);
        folder.ForgetProgress();
        pipeline.Post(() => WriteVerbose($"{folder.Name}: dropped {dropped.Count} tables."));
    }
}
