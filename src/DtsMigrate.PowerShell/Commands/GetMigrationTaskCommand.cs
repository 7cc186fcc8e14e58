using System.Management.Automation;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Lists the defined tasks.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationTask")]
[OutputType(typeof(MigrationTaskInfo))]
public sealed class GetMigrationTaskCommand : TaskListCommand
{
    /// <summary>Only tasks with one of these environment tags; patterns are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? EnvironmentTag { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        if (EnvironmentTag is null || EnvironmentTag.Any(tag => WildcardPattern.Get(tag, WildcardOptions.IgnoreCase).IsMatch(task.Options.EnvironmentTag ?? string.Empty)))
        {
            WriteObject(MigrationTaskInfo.From(task, folder));
        }
    }
}
