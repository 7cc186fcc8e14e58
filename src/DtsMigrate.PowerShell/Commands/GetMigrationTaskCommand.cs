using System.Management.Automation;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Lists the defined tasks.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationTask")]
[OutputType(typeof(MigrationTaskInfo))]
public sealed class GetMigrationTaskCommand : TaskNameCommand
{
    /// <summary>Names or patterns of tasks; all when left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];
    /// <summary>Only tasks with one of these environment tags; patterns are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? EnvironmentTag { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (TaskFolder folder in Resolve(Name))
        {
            ForInput(folder.Name, () =>
            {
                MigrationTask task = folder.ReadTask();
                if (EnvironmentTag is null || EnvironmentTag.Any(tag => WildcardPattern.Get(tag, WildcardOptions.IgnoreCase).IsMatch(task.Options.EnvironmentTag ?? string.Empty)))
                {
                    WriteObject(MigrationTaskInfo.From(task, folder));
                }
            });
        }
    }
}
