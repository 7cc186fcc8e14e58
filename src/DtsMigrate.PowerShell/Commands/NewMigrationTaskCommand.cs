using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using DtsMigrate.Engine.Browse;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Errors;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Defines a migration task in the task home. Connects to nothing and changes nothing on either server.</summary>
[Cmdlet(VerbsCommon.New, "MigrationTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = InlineSet)]
[OutputType(typeof(MigrationTaskInfo))]
public sealed partial class NewMigrationTaskCommand : MigrationCommand
{
    private const string InlineSet = "Inline";
    private const string DefinitionSet = "Definition";

    private readonly List<MigrationObject> _piped = [];

    /// <summary>Name of the task.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = InlineSet)]
    [Parameter(ParameterSetName = DefinitionSet)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A task definition to take over, as <c>dtsmigrate run</c> reads it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DefinitionSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? DefinitionPath { get; set; }

    /// <summary>Whole databases to migrate.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string[] Database { get; set; } = [];

    /// <summary>Tables to migrate, as <c>database.table</c>.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public string[] Table { get; set; } = [];

    /// <summary>Databases and tables that Get-MigrationObject gave.</summary>
    [Parameter(ParameterSetName = InlineSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public MigrationObject[]? InputObject { get; set; }

    /// <summary>New names: <c>@{ 'crm' = 'crm_v2'; 'crm.client' = 'crm_v2.customer' }</c>.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>What is migrated; default all three.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNullOrEmpty]
    public MigrationTypes[]? MigrationType { get; set; }

    /// <summary>What happens with tables that exist on the destination.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    public ConflictMode ConflictMode { get; set; }

    /// <summary>Options by name: <c>@{ CopyThreads = 8 }</c>.</summary>
    [Parameter(ParameterSetName = InlineSet)]
    [ValidateNotNull]
    public IDictionary? Option { get; set; }

    /// <summary>Replaces the definition of a task that exists and that no worker runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private ConnectionStore Store { get; } = new(new TaskHome());

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (DefinitionPath is not null)
        {
            TryDefine(FromFile);
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
            TryDefine(FromParameters);
        }
    }

    private void TryDefine(Func<MigrationTask> read)
    {
        try
        {
            Define(read());
        }
        catch (TaskDefinitionException e)
        {
            // One error per fault: each has its own remedy.
            foreach (TaskDefinitionFault fault in e.Faults)
            {
                WriteError(ErrorRecordMapper.Map(e, fault, DefinitionPath));
            }
        }
        catch (Exception e) when (e is DtsMigrateException or IOException or UnauthorizedAccessException)
        {
            WriteError(ErrorRecordMapper.Map(e, DefinitionPath ?? Name));
        }
    }

    private void Define(MigrationTask task)
    {
        CheckUser("Source", task.Source, SourceCredential);
        CheckUser("Destination", task.Destination, DestinationCredential);
        var home = new TaskHome();
        string action = home.Folder(task.Name).Exists && Force ? "Replace the migration task" : "Create the migration task";
        if (!ShouldProcess(TaskNameCommand.Describe(task), action))
        {
            return;
        }

        TaskFolder folder = Create(home, task);
        SessionSecrets.Set(folder.FullPath, "source", SessionSecret(SourceCredential, Source));
        SessionSecrets.Set(folder.FullPath, "destination", SessionSecret(DestinationCredential, Destination));
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

    private MigrationTask FromParameters()
    {
        var definition = new JsonObject
        {
            ["version"] = MigrationTask.CurrentVersion,
            ["name"] = Name,
            ["source"] = SideOf("Source", Source, SourceServer, SourceArguments),
            ["destination"] = SideOf("Destination", Destination, DestinationServer, DestinationArguments),
            ["objects"] = ObjectSelectionArguments.Build(
                [.. Database, .. _piped.Where(item => item.Type == "Database").Select(item => TableReference.Quote(item.Database))],
                [.. Table, .. _piped.Where(item => item.Type == "Table").Select(item => $"{TableReference.Quote(item.Database)}.{TableReference.Quote(item.Table)}")],
                Map),
            ["accounts"] = Account is null ? null : new JsonArray([.. Account.Select(account => (JsonNode)JsonValue.Create(account))]),
            ["conflictMode"] = ConflictMode.ToString(),
        };
        if (MigrationType is not null)
        {
            MigrationTypes types = MigrationType.Aggregate(MigrationTypes.None, (all, type) => all | type);
            definition["migrationTypes"] = new JsonArray([.. Enum.GetValues<MigrationTypes>()
                .Where(type => type != MigrationTypes.None && types.HasFlag(type))
                .Select(type => (JsonNode)JsonValue.Create(type.ToString()))]);
        }

        if (Options() is { } options)
        {
            definition["options"] = options;
        }

        return TaskDefinitionReader.Parse(definition.ToJsonString());
    }

    private MigrationTask FromFile()
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(GetUnresolvedProviderPathFromPSPath(DefinitionPath));
        return Name is null ? task : task with { Name = Name };
    }

    private static void CheckUser(string role, ConnectionDefinition side, PSCredential? credential)
    {
        if (credential is not null && credential.UserName != side.User)
        {
            throw new DtsMigrateException("CredentialUserMismatch", $"The {role.ToLowerInvariant()} account is '{side.User}', but -{role}Credential is for '{credential.UserName}'.")
            {
                Target = credential.UserName,
                RecommendedAction = $"Pass a credential for '{side.User}'.",
            };
        }
    }
}
