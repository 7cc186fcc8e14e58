using System.Diagnostics;
using DtsMigrate.Engine.Run;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>A program that can host a worker: the module's native one, or pwsh with this module.</summary>
/// <param name="Path">Full path.</param>
/// <param name="IsShell">It is pwsh.</param>
internal sealed record WorkerProgram(string Path, bool IsShell)
{
    /// <summary>The runtime as the console worker has it in its project: pwsh's own settings are those of a shell. Numbers are hexadecimal.</summary>
    private static readonly (string Name, string Value)[] RuntimeSettings =
    [
        ("DOTNET_TieredPGO", "0"),
        ("DOTNET_TC_CallCountThreshold", "7D0"),
        ("DOTNET_gcServer", "0"),
        ("DOTNET_gcConcurrent", "0"),
        ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0"),
        .. SocketCompletions.Settings,
    ];

    /// <summary>How it is started. All three standard streams are pipes to here.</summary>
    /// <param name="folder">The task's folder, in which it is started.</param>
    /// <param name="home">Folder of all tasks.</param>
    /// <param name="until">When the run ends by itself.</param>
    public ProcessStartInfo StartInfo(TaskFolder folder, string home, RunUntil until)
    {
        IReadOnlyList<string> arguments = IsShell
            ? ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", $"Import-Module {Quote(ModulePaths.Manifest)}; Invoke-MigrationWorker -Name {Quote(folder.Name)} -HomePath {Quote(home)} -Until {until}"]
            : ["hosted", "--home", home, "--until", until.ToString(), "--", folder.Name];
        var info = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = folder.FullPath,
        };
        if (IsShell)
        {
            info.Environment["POWERSHELL_UPDATECHECK"] = "Off";
            info.Environment["NO_COLOR"] = "1";
            foreach ((string name, string value) in RuntimeSettings)
            {
                // What the user has set counts.
                info.Environment.TryAdd(name, value);
            }
        }

        return info;
    }

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
