using System.Management.Automation;
using System.Text;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Tasks.DbList;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Gives the whole definition of a task as JSON, as text or into a file; never with a password.</summary>
[Cmdlet(VerbsData.Export, "MigrationTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportMigrationTaskCommand : NamedTaskCommand
{
    /// <summary>File to write, or a folder that gets NAME.json; without it the text goes to the pipeline.</summary>
    [Parameter(Position = 1)]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Json: the whole definition (default). DbList: the objects, as Alibaba Cloud DTS writes them.</summary>
    [Parameter]
    [ValidateSet("Json", "DbList")]
    public string Format { get; set; } = "Json";

    /// <summary>Writes over a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        string text = Format.Equals("Json", StringComparison.OrdinalIgnoreCase) ? TaskDefinitionWriter.ToJson(task) : DbListWriter.ToJson(task.Objects);
        if (Path is null)
        {
            WriteObject(text);
            return;
        }

        string path = GetUnresolvedProviderPathFromPSPath(Path);
        path = Directory.Exists(path) ? System.IO.Path.Combine(path, folder.Name + ".json") : path;
        if (!ShouldProcess(path, $"Write the definition of task '{folder.Name}'"))
        {
            return;
        }

        if (File.Exists(path) && !Force)
        {
            throw new DtsMigrateException("FileExists", $"There is a file '{path}' already.") { Target = path, RecommendedAction = "Choose another path, or write over it with -Force." };
        }

        File.WriteAllText(path, text, new UTF8Encoding(false));
        GiveFile(path);
    }
}
