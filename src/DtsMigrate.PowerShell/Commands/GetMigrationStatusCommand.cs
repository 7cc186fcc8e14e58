using System.Management.Automation;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Shows where migrations are: one flat record per task.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationStatus")]
[OutputType(typeof(MigrationStatus))]
public sealed class GetMigrationStatusCommand : TaskNameCommand
{
    /// <summary>Names or patterns of tasks; all when left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only tasks in these states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public TaskState[]? State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (TaskFolder folder in Resolve(Name))
        {
            ForInput(folder.Name, () =>
            {
                MigrationStatus status = TaskStatusReader.Read(folder);
                if (State is null || State.Any(state => state.ToString() == status.State))
                {
                    WriteObject(status);
                }
            });
        }
    }
}
