using System.Management.Automation;
using System.Text;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Schema.Script;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Gives everything that schema migration would execute on the destination, in order, as a script for the mysql client. Changes nothing on either server.</summary>
[Cmdlet(VerbsData.Export, "MigrationSchema", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportMigrationSchemaCommand : ServerTaskCommand
{
    /// <summary>File to write, or a folder that gets NAME.sql; without it the text goes to the pipeline.</summary>
    [Parameter(Position = 1)]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Writes over a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        MigrationTask task = folder.ReadTask();
        if (Path is null)
        {
            using var text = new MemoryStream();
            Write(task, folder, text);
            WriteObject(Decode(folder, text.ToArray()));
            return;
        }

        string path = GetUnresolvedProviderPathFromPSPath(Path);
        path = Directory.Exists(path) ? System.IO.Path.Combine(path, folder.Name + ".sql") : path;
        if (!ShouldProcess(path, $"Write the schema of task '{folder.Name}'"))
        {
            return;
        }

        if (File.Exists(path) && !Force)
        {
            throw new DtsMigrateException("FileExists", $"There is a file '{path}' already.") { Target = path, RecommendedAction = "Choose another path, or write over it with -Force." };
        }

        WriteFile(task, folder, path);
        GiveFile(path);
    }

    /// <summary>A script that ends in the middle would look like a whole one: the file gets its name when it is complete.</summary>
    private void WriteFile(MigrationTask task, TaskFolder folder, string path)
    {
        string unfinished = path + ".unfinished";
        try
        {
            using (FileStream stream = File.Create(unfinished))
            {
                Write(task, folder, stream);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private void Write(MigrationTask task, TaskFolder folder, Stream output) => RunAsync(async pipeline =>
    {
        (Secret sourcePassword, Secret destinationPassword) = await Secrets(task, folder, pipeline).ResolveAsync(pipeline.StopToken).ConfigureAwait(false);
        var source = new ServerConnector("source", task.Source, sourcePassword, task.Options, TimeProvider.System);
        var destination = new ServerConnector("destination", task.Destination, destinationPassword, task.Options, TimeProvider.System);
        await SchemaScript.WriteAsync(task, source, destination, output, pipeline.StopToken).ConfigureAwait(false);
    });

    private static string Decode(TaskFolder folder, byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new DtsMigrateException("ScriptNotText", $"Task '{folder.Name}' has objects that were created under another character set than UTF-8: their bytes are no text.", e)
            {
                Target = folder.Name,
                RecommendedAction = "Write the script to a file with -Path.",
            };
        }
    }
}
