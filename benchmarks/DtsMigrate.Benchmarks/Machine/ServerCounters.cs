using System.Diagnostics;
using System.Globalization;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.Machine;

/// <summary>What a server has used since its start.</summary>
/// <param name="CpuSeconds">User and system time; null when it runs in a container.</param>
/// <param name="WrittenBytes">Bytes it has caused to be written to disk; null where the system does not tell.</param>
internal sealed record ServerCounters(double? CpuSeconds, long? WrittenBytes)
{
    public static ServerCounters Read(MySqlServer server)
    {
        if (server.Pid is not { } pid)
        {
            return new ServerCounters(null, null);
        }

        using var process = Process.GetProcessById(pid);
        return new ServerCounters(process.TotalProcessorTime.TotalSeconds, Written(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/io")));
    }

    private static long? Written(string file) =>
        File.Exists(file) && File.ReadLines(file).FirstOrDefault(line => line.StartsWith("write_bytes:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)
            : null;
}
