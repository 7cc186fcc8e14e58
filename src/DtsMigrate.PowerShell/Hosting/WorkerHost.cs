using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Finds the program that hosts a worker: PowerShell itself, where the module already loads.</summary>
internal static class WorkerHost
{
    /// <summary>Environment variable that names the program to use.</summary>
    public const string Variable = "DTSMIGRATE_HOST";

    /// <summary>The program.</summary>
    /// <param name="shellHome"><c>$PSHOME</c>.</param>
    /// <exception cref="DtsMigrateException">WorkerHostNotFound.</exception>
    public static string Find(string? shellHome)
    {
        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return File.Exists(chosen) ? chosen : throw NotFound($"{Variable} names '{chosen}', which does not exist.");
        }

        IEnumerable<string> candidates = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name));
        if (shellHome is { Length: > 0 })
        {
            candidates = candidates.Prepend(Path.Combine(shellHome, name));
        }

        if (Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self).Equals("pwsh", StringComparison.OrdinalIgnoreCase))
        {
            candidates = candidates.Prepend(self);
        }

        return candidates.FirstOrDefault(File.Exists) ?? throw NotFound("There is no pwsh beside this process, in PSHOME or on PATH.");
    }

    private static DtsMigrateException NotFound(string why) => new("WorkerHostNotFound", $"No program was found to host the worker. {why}")
    {
        RecommendedAction = $"Set {Variable} to the full path of pwsh 7.6 or later, or run the migration in this session with -InProcess.",
    };
}
