using System.Globalization;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>What else the machine was doing: without it, times mean nothing.</summary>
internal static class MachineState
{
    private const string LoadFile = "/proc/loadavg";

    /// <summary>Load average over the last minute; null where the system has none.</summary>
    public static double? Load() =>
        File.Exists(LoadFile) ? double.Parse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture) : null;
}
