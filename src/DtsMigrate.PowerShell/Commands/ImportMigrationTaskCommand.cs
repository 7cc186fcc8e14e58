using System.Management.Automation;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.PowerShell.Binding;
using DtsMigrate.PowerShell.Completion;
using DtsMigrate.PowerShell.Errors;
using DtsMigrate.PowerShell.Hosting;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Takes a task over from a file: a definition of ours, or a DbList of Alibaba Cloud DTS. Connects to nothing.</summary>
[Cmdlet(VerbsData.Import, "MigrationTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(MigrationTaskInfo))]
public sealed class ImportMigrationTaskCommand : MigrationCommand
{
    /// <summary>File with the definition.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LiteralPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Name of the task; a DbList has none of its own.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Source by the name of a connection, in place of the one in the file; a DbList has none of its own.</summary>
    [Parameter]
    [ConnectionNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Source { get; set; }

    /// <summary>Destination, likewise.</summary>
    [Parameter]
    [ConnectionNameArgument]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Replaces the definition of a task that exists and that no worker runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string path = GetUnresolvedProviderPathFromPSPath(Path);
        try
        {
            Import(path);
        }
        catch (TaskDefinitionException e)
        {
            // One error per fault: each has its own remedy.
            foreach (TaskDefinitionFault fault in e.Faults)
            {
                WriteError(ErrorRecordMapper.Map(e, fault, path));
            }
        }
        catch (Exception e) when (e is DtsMigrateException or IOException or UnauthorizedAccessException)
        {
            WriteError(ErrorRecordMapper.Map(e, path));
        }
    }

    private void Import(string path)
    {
        var home = new TaskHome();
        var store = new ConnectionStore(home);
        ConnectionProfile? source = Source is null ? null : store.Read(Source);
        ConnectionProfile? destination = Destination is null ? null : store.Read(Destination);
        MigrationTask task = TaskImport.ReadFile(path, Name, source?.Definition, destination?.Definition);
        string action = home.Folder(task.Name).Exists && Force ? "Replace the migration task" : "Create the migration task";
        if (!ShouldProcess(TaskNameCommand.Describe(task), action))
        {
            return;
        }

        TaskFolder folder = Force ? home.Save(task) : home.Create(task);
        SessionSecrets.Set(folder.FullPath, "source", source is null ? null : ConnectionSecrets.Get(store, source.Name));
        SessionSecrets.Set(folder.FullPath, "destination", destination is null ? null : ConnectionSecrets.Get(store, destination.Name));
        WriteObject(MigrationTaskInfo.From(task, folder));
    }
}
