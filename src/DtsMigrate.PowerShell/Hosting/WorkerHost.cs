using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Finds the program that hosts a worker: the module's native one where there is one for this platform, else PowerShell itself, where the module already loads.</summary>
internal static class WorkerHost
{
    /// <summary>Environment variable that names the program to use: a pwsh, or a program named dtsmigrate.</summary>
    public const string Variable = "DTSMIGRATE_HOST";

    private const string Native = "dtsmigrate";

    /// <summary>The program.</summary>
    /// <param name="shellHome"><c>$PSHOME</c>.</param>
    /// <exception cref="DtsMigrateException">WorkerHostNotFound.</exception>
    public static WorkerProgram Find(string? shellHome)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return File.Exists(chosen)
                ? new WorkerProgram(chosen, !Path.GetFileNameWithoutExtension(chosen).Equals(Native, StringComparison.OrdinalIgnoreCase))
                : throw NotFound($"{Variable} names '{chosen}', which does not exist.");
        }

        return MayRun(ModulePaths.NativeWorker) ? new WorkerProgram(ModulePaths.NativeWorker, IsShell: false) : new WorkerProgram(Shell(shellHome), IsShell: true);
    }

    private static string Shell(string? shellHome)
    {
        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
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

    /// <summary>It is there and may be run. Package clients unpack files without the permission to run them, so whoever owns it gives that first.</summary>
    private static bool MayRun(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (!File.Exists(path))
        {
            return false;
        }

        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        try
        {
            UnixFileMode mode = File.GetUnixFileMode(path);
            if ((mode & Execute) == 0)
            {
                File.SetUnixFileMode(path, mode | Execute);
            }

            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Somebody else's file: pwsh does the same work.
            return false;
        }
    }

    private static DtsMigrateException NotFound(string why) => new("WorkerHostNotFound", $"No program was found to host the worker. {why}")
    {
        RecommendedAction = $"Set {Variable} to the full path of pwsh 7.6 or later, or run the migration in this session with -InProcess.",
    };
}
