using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>This program once more, as <see cref="EngineHost"/>.</summary>
internal sealed class EngineProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private EngineProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it.</summary>
    /// <param name="source">Source.</param>
    /// <param name="destination">Destination.</param>
    /// <param name="mode">Apply mode.</param>
    /// <param name="end">Position to apply; null until <see cref="StopAsync"/>.</param>
    public static EngineProcess Start(MySqlServer source, MySqlServer destination, ApplyMode mode, string? end)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] self = isHost ? [Path.Combine(AppContext.BaseDirectory, "DtsMigrate.Benchmarks.dll")] : [];
        string[] arguments = [.. self, EngineHost.Command, Port(source), Port(destination), mode.ToString(), end ?? "-"];
        return new EngineProcess(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("the engine's process did not start"));
    }

    /// <summary>Waits until it is done.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<EngineResult> WaitAsync(CancellationToken cancellationToken)
    {
        string output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        string errors = await _errors;
        return _process.ExitCode == 0 && JsonSerializer.Deserialize<EngineResult>(output, JsonSerializerOptions.Web) is { } result
            ? result
            : throw new InvalidOperationException($"the engine failed: {errors}");
    }

    /// <summary>Ends one that runs without an end.</summary>
    public async Task<EngineResult> StopAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync("stop".AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Port(MySqlServer server) => server.Port.ToString(CultureInfo.InvariantCulture);
}
