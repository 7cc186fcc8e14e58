using System.Diagnostics;
using System.Globalization;

namespace DtsMigrate.Engine.Progress;

/// <summary>Memory of this process.</summary>
public static class ProcessMemory
{
    /// <summary>Highest resident set so far in MiB: VmHWM on Linux, the peak working set elsewhere; 0 when the system does not tell.</summary>
    public static double PeakMb()
    {
        if (OperatingSystem.IsLinux())
        {
            // proc(5): "VmHWM:     12345 kB"
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                {
                    string number = line.AsSpan("VmHWM:".Length).Trim().ToString().Split(' ')[0];
                    return Math.Round(long.Parse(number, CultureInfo.InvariantCulture) / 1024.0, 1);
                }
            }
        }

        using var process = Process.GetCurrentProcess();
        return Math.Round(process.PeakWorkingSet64 / (1024.0 * 1024.0), 1);
    }
}
