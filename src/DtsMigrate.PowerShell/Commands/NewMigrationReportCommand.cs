using System.Diagnostics;
using System.Management.Automation;
using DtsMigrate.Engine.Report;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Commands;

/// <summary>Writes a report of a migration: one HTML file, or Markdown or JSON. Asks no server.</summary>
[Cmdlet(VerbsCommon.New, "MigrationReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class NewMigrationReportCommand : NamedTaskCommand
{
    /// <summary>File to write, or a folder that gets NAME-report.html; the current folder when left out.</summary>
    [Parameter(Position = 1)]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>Html (default), Markdown or Json.</summary>
    [Parameter]
    public ReportFormat Format { get; set; }

    /// <summary>Writes over a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Opens the report in the program that the system has for it.</summary>
    [Parameter]
    public SwitchParameter Show { get; set; }

    /// <inheritdoc/>
    protected override void ProcessTask(TaskFolder folder)
    {
        string file = ReportWriter.FileOf(folder, GetUnresolvedProviderPathFromPSPath(Path), Format);
        if (ShouldProcess(file, $"Write the report of task '{folder.Name}'"))
        {
            Write(folder, file);
        }
    }

    private void Write(TaskFolder folder, string file)
    {
        file = ReportWriter.Write(folder, file, Format, Force, TimeProvider.System);
        GiveFile(file);
        if (Show)
        {
            using Process? viewer = Process.Start(new ProcessStartInfo(file) { UseShellExecute = true });
        }
    }
}
