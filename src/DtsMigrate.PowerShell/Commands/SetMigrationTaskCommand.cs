using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Changes what it names of a task, as far as the task's state allows. A running task takes a throttle within two seconds.</summary>
[Cmdlet(VerbsCommon.Set, "MigrationTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationTaskInfo))]
public sealed class SetMigrationTaskCommand : TaskDefinitionCommand
{
    /// <summary>Names or patterns of tasks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TaskNameArgument]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Gives the task afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (TaskFolder folder in Resolve(Name))
        {
            TryDefine(folder.Name, file: null, () => Set(folder));
        }
    }

    private void Set(TaskFolder folder)
    {
        if (!ChangesAnything)
        {
            throw new DtsMigrateException("NothingToChange", $"Nothing is to be changed of task '{folder.Name}'.")
            {
                Target = folder.Name,
                RecommendedAction = "Name at least one thing, for example -FullRowsPerSecond 10000; 0 lifts a limit.",
            };
        }

        MigrationTask old = folder.ReadTask();
        MigrationTask changed = Apply(JsonNode.Parse(TaskDefinitionWriter.ToJson(old))!.AsObject());
        IReadOnlyList<string> members = TaskChange.Members(old, changed);
        TaskChange.Require(folder, members);
        string what = members.Count == 0 ? "Keep a password for this session" : "Change " + string.Join(", ", members);
        if (!ShouldProcess(Describe(old), what))
        {
            return;
        }

        RunAsync(pipeline => TaskChange.MakeAsync(folder, old, changed, TimeProvider.System, pipeline.StopToken));
        KeepPasswords(folder, isNew: false);
        WriteVerbose($"{folder.Name}: {what}");
        if (PassThru)
        {
            WriteObject(MigrationTaskInfo.From(folder.ReadTask(), folder));
        }
    }
}
