using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Shows where migrations are: one flat record per task.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationStatus")]
[OutputType(typeof(MigrationStatus))]
public sealed class GetMigrationStatusCommand : TaskListCommand
{
    /// <summary>Only tasks in these states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public TaskState[]? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationStatus status = TaskStatusReader.Read(folder);
        if (State is null || State.Any(state => state.ToString() == status.State))
        {
            WriteObject(status);
        }
    }
}
