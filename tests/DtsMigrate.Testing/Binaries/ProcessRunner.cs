using System.Diagnostics;

namespace DtsMigrate.Testing;

/// <summary>Runs short programs to their end and captures what they print.</summary>
internal static class ProcessRunner
{
    internal sealed record Result(int ExitCode, string Output, string Error);

    internal static async Task<Result> RunAsync(
        string fileName,
        IEnumerable<string> arguments,
        string? standardInput,
        IReadOnlyDictionary<string, string>? environment,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{fileName} did not start");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var input = FeedAsync(process, standardInput, cancellationToken);
            await Task.WhenAll(output, error, input, process.WaitForExitAsync(cancellationToken));
            return new Result(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>The full path of a program on PATH, or null.</summary>
    internal static string? FindOnPath(string program)
    {
        var name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        // mysqld lives in sbin, which is often not on the PATH of an ordinary account.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Concat(OperatingSystem.IsWindows() ? [] : ["/usr/sbin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    private static async Task FeedAsync(Process process, string? text, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = process.StandardInput;
            await input.WriteAsync(text.AsMemory(), cancellationToken);
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code and its error text tell the story.
        }
    }
}
