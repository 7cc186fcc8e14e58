using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.Engine.Browse;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Binding;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Defines a migration task in the task home. Connects to nothing and changes nothing on either server.</summary>
[Cmdlet(VerbsCommon.New, "MigrationTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = InlineSet)]
[OutputType(typeof(MigrationTaskInfo))]
public sealed class NewMigrationTaskCommand : TaskDefinitionCommand
{
    private const string InlineSet = "Inline";
    private const string DefinitionSet = "Definition";

    private readonly List<MigrationObject> _piped = [];

    /// <summary>Name of the task.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = InlineSet)]
    [Parameter(ParameterSetName = DefinitionSet)]
    [ValidateNotNullOrEmpty]
    [TaskMember("name")]
    public string? Name { get; set; }

    /// <summary>A task definition to take over, as <c>dtsmigrate run</c> reads it; other parameters change what it says.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DefinitionSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? DefinitionPath { get; set; }

    /// <summary>Databases and tables that Get-MigrationObject gave.</summary>
    [Parameter(ParameterSetName = InlineSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public MigrationObject[]? InputObject { get; set; }

    /// <summary>Replaces the definition of a task that exists and that no worker runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (DefinitionPath is not null)
        {
            TryDefine(DefinitionPath, DefinitionPath, () => Define(FromFile()));
            return;
        }

        foreach (MigrationObject item in InputObject ?? [])
        {
            if (item.Type is "Database" or "Table")
            {
                _piped.Add(item);
            }
            else
            {
                WriteWarning($"{item.Type} {item.Database}.{item.Table} cannot be selected and is left out.");
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (DefinitionPath is null)
        {
            TryDefine(Name, file: null, () => Define(FromParameters()));
        }
    }

    private void Define(MigrationTask task)
    {
        var home = new TaskHome();
        string action = home.Folder(task.Name).Exists && Force ? "Replace the migration task" : "Create the migration task";
        if (!ShouldProcess(Describe(task), action))
        {
            return;
        }

        TaskFolder folder = Create(home, task);
        KeepPasswords(folder, isNew: true);
        WriteObject(MigrationTaskInfo.From(task, folder));
    }

    private TaskFolder Create(TaskHome home, MigrationTask task)
    {
        try
        {
            return Force ? home.Save(task) : home.Create(task);
        }
        catch (DtsMigrateException e) when (e.Code == "TaskExists")
        {
            throw new DtsMigrateException(e.Code, e.Message, e)
            {
                Target = e.Target,
                RecommendedAction = "Choose another name, or replace its definition with -Force.",
            };
        }
    }

    private MigrationTask FromParameters() => Apply(
        new JsonObject { ["version"] = MigrationTask.CurrentVersion, ["name"] = Name },
        ObjectSelectionArguments.Build(
            [.. Database, .. _piped.Where(item => item.Type == "Database").Select(item => TableReference.Quote(item.Database))],
            [.. Table, .. _piped.Where(item => item.Type == "Table").Select(item => $"{TableReference.Quote(item.Database)}.{TableReference.Quote(item.Table)}")],
            Map));

    private MigrationTask FromFile()
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(GetUnresolvedProviderPathFromPSPath(DefinitionPath));
        task = Name is null ? task : task with { Name = Name };
        return Apply(JsonNode.Parse(TaskDefinitionWriter.ToJson(task))!.AsObject());
    }
}
