using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Lets a migration go on that was suspended or stopped, has failed, or lost its worker. Unlike Start-Migration it never begins one.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Migration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = DetachedSet)]
[OutputType(typeof(MigrationStatus), typeof(Job))]
public sealed class ResumeMigrationCommand : RunMigrationCommand
{
    /// <inheritdoc/>
    protected override string Action => "Resume the migration";

    /// <inheritdoc/>
    protected override void Check(TaskFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        MigrationStatus status = TaskStatusReader.Read(folder);
        if (status.StartedAt is null || status.State == nameof(TaskState.Completed))
        {
            throw new DtsMigrateException("NothingToResume", $"Task '{folder.Name}' is {status.State}: there is nothing to go on with.")
            {
                Target = folder.Name,
                RecommendedAction = status.StartedAt is null ? $"Start-Migration {folder.Name} begins it." : $"Restart-Migration {folder.Name} does it all again.",
            };
        }
    }
}
