using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>What the cmdlets that list tasks share: all of them unless some are named.</summary>
public abstract class TaskListCommand : TaskNameCommand
{
    /// <summary>Names or patterns of tasks; all when left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => ForEach(Name, ProcessTask);

    /// <summary>Lists one task; a failure is this task's error.</summary>
    /// <param name="folder">The task.</param>
    protected abstract void ProcessTask(TaskFolder folder);
}
