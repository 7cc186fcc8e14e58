using System.Globalization;

namespace DtsMigrate.Benchmarks.Machine;

/// <summary>Counters of the whole machine and of this process. Without them times mean nothing: somebody else may have had the processor.</summary>
/// <param name="BusySeconds">CPU seconds of all processes; null where the system does not tell.</param>
/// <param name="StolenSeconds">CPU seconds that a hypervisor gave to somebody else.</param>
/// <param name="OwnSeconds">CPU seconds of this process and of those it has started and seen end.</param>
internal sealed record MachineCounters(double? BusySeconds, double? StolenSeconds, double? OwnSeconds)
{
    private const string StatFile = "/proc/stat";
    private const string SelfFile = "/proc/self/stat";
    private const string LoadFile = "/proc/loadavg";

    // USER_HZ is 100 wherever Linux runs.
    private const double TicksPerSecond = 100;

    public static MachineCounters Read()
    {
        if (!File.Exists(StatFile) || !File.Exists(SelfFile))
        {
            return new MachineCounters(null, null, null);
        }

        // cpu user nice system idle iowait irq softirq steal
        var all = Numbers(File.ReadLines(StatFile).First()[3..]);
        return new MachineCounters(all[0] + all[1] + all[2] + all[5] + all[6], all[7], Own());
    }

    /// <summary>Load average over the last minute; null where the system has none.</summary>
    public static double? Load() =>
        File.Exists(LoadFile) ? double.Parse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture) : null;

    private static double Own()
    {
        // After the name, which may hold anything, come the fields from the third on; times are the 14th to the 17th (proc_pid_stat(5)).
        var text = File.ReadAllText(SelfFile);
        var fields = text[(text.LastIndexOf(')') + 4)..].Split(' ');
        return fields[10..14].Sum(field => double.Parse(field, CultureInfo.InvariantCulture) / TicksPerSecond);
    }

    private static double[] Numbers(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(field => double.Parse(field, CultureInfo.InvariantCulture) / TicksPerSecond)];
}
