using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>The worker as people start it: a process of its own.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _outputSoFar = new();
    private readonly StringBuilder _errorSoFar = new();
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private WorkerProcess(Process process)
    {
        _process = process;
        _output = GatherAsync(process.StandardOutput, _outputSoFar);
        _error = GatherAsync(process.StandardError, _errorSoFar);
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output up to now.</summary>
    public string OutputSoFar => Text(_outputSoFar);

    /// <summary>Standard error up to now.</summary>
    public string ErrorSoFar => Text(_errorSoFar);

    /// <summary>Starts <c>dtsmigrate</c> with the arguments; the passwords go by environment.</summary>
    public static WorkerProcess Start(string home, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string program = Path();
        bool native = !program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(native ? program : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (!native)
        {
            start.ArgumentList.Add(program);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DTSMIGRATE_HOME"] = home;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new WorkerProcess(Process.Start(start)!);
    }

    /// <summary>Writes one line to standard input and closes it.</summary>
    public async Task WriteAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        _process.StandardInput.Close();
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string home, IReadOnlyDictionary<string, string> environment, TimeSpan limit, params string[] arguments)
    {
        using WorkerProcess worker = Start(home, environment, arguments);
        return await worker.WaitAsync(limit);
    }

    public async Task<(int Code, string Output, string Error)> WaitAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            Assert.Fail($"The worker did not end within {limit}. Output:\n{await _output}\nErrors:\n{await _error}");
        }

        return (_process.ExitCode, await _output, await _error);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", Pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The last status object of <c>--json</c> output.</summary>
    public static JsonElement LastStatus(string output) =>
        JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<string> GatherAsync(StreamReader reader, StringBuilder gathered)
    {
        char[] buffer = new char[4096];
        for (int read; (read = await reader.ReadAsync(buffer)) > 0;)
        {
            lock (gathered)
            {
                gathered.Append(buffer, 0, read);
            }
        }

        return Text(gathered);
    }

    private static string Text(StringBuilder gathered)
    {
        lock (gathered)
        {
            return gathered.ToString();
        }
    }

    /// <summary>The worker of this build, or another one that <c>DTSMIGRATE_TEST_WORKER</c> names, such as the native program.</summary>
    private static string Path()
    {
        if (Environment.GetEnvironmentVariable("DTSMIGRATE_TEST_WORKER") is { Length: > 0 } named)
        {
            return named;
        }

        string output = AppContext.BaseDirectory;
        string configuration = output.Contains($"{System.IO.Path.DirectorySeparatorChar}Debug{System.IO.Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";
        for (string? folder = output; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            string file = System.IO.Path.Combine(folder, "src", "DtsMigrate.Worker", "bin", configuration, "net10.0", "dtsmigrate.dll");
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new InvalidOperationException("The worker is not built.");
    }
}
