using System.Diagnostics;
using System.Globalization;

namespace DtsMigrate.Benchmarks.Tables;

/// <summary>Runs a program and watches its memory: commands other than <c>run</c> tell nothing of it themselves.</summary>
internal static class WatchedProgram
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<(double CpuSeconds, double? PeakMb)> RunAsync(string fileName, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(fileName, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{fileName} was not started");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        double? peak = null;
        double cpu = 0;
        using var timer = new PeriodicTimer(Period);
        var exit = process.WaitForExitAsync(cancellationToken);
        while (!exit.IsCompleted)
        {
            (peak, cpu) = (Peak(process.Id) ?? peak, Cpu(process) ?? cpu);
            await Task.WhenAny(exit, timer.WaitForNextTickAsync(cancellationToken).AsTask());
        }

        await exit;
        await output;
        return process.ExitCode == 0 ? (cpu, peak) : throw new InvalidOperationException($"{fileName} ended with exit code {process.ExitCode}: {await error}{await output}");
    }

    // The high-water mark only grows, so that the last look before the end is close to it.
    private static double? Peak(int pid)
    {
        try
        {
            string? line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? null : double.Parse(line.AsSpan(6, line.Length - 8), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            // It has ended in this moment, or this system has no such file.
            return null;
        }
    }

    private static double? Cpu(Process process)
    {
        try
        {
            return process.HasExited ? null : process.TotalProcessorTime.TotalSeconds;
        }
        catch (InvalidOperationException)
        {
            // It has ended in this moment.
            return null;
        }
    }
}
