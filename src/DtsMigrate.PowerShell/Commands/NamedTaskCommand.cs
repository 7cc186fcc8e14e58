using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>What the cmdlets that do something to each of the tasks that were named share.</summary>
public abstract class NamedTaskCommand : TaskNameCommand
{
    /// <summary>Names or patterns of tasks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => ForEach(Name, ProcessTask);

    /// <summary>Does it to one task; a failure is this task's error.</summary>
    /// <param name="folder">The task.</param>
    protected abstract void ProcessTask(TaskFolder folder);
}
