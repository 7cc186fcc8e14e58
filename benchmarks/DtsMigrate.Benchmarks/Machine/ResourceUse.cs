using DtsMigrate.Benchmarks.FullCopy;

namespace DtsMigrate.Benchmarks.Machine;

/// <summary>What was used while something ran.</summary>
/// <param name="WallSeconds">Time on the clock.</param>
/// <param name="SourceCpuSeconds">CPU time of the source; null in containers.</param>
/// <param name="DestinationCpuSeconds">CPU time of the destination, which a busy machine disturbs less than the time on the clock.</param>
/// <param name="DestinationWrittenMb">What the destination had written to disk, 10^6 bytes.</param>
/// <param name="ClientCpuSeconds">CPU time of all programs that copied.</param>
/// <param name="ForeignCpuSeconds">CPU time of everything else on the machine: what it lost to others.</param>
/// <param name="StolenCpuSeconds">CPU time that a hypervisor gave to somebody else.</param>
/// <param name="LoadBefore">Load average over a minute when it started.</param>
internal sealed record ResourceUse(
    double WallSeconds,
    double? SourceCpuSeconds,
    double? DestinationCpuSeconds,
    double? DestinationWrittenMb,
    double? ClientCpuSeconds,
    double? ForeignCpuSeconds,
    double? StolenCpuSeconds,
    double? LoadBefore)
{
    /// <summary>Runs something and measures.</summary>
    public static async Task<(ResourceUse Used, T Result)> MeasureAsync<T>(Arena arena, Func<Task<T>> action)
    {
        var load = MachineCounters.Load();
        var machine = MachineCounters.Read();
        var (source, destination) = (ServerCounters.Read(arena.Source), ServerCounters.Read(arena.Destination));
        var started = TimeProvider.System.GetTimestamp();
        var result = await action();
        var wall = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var machineAfter = MachineCounters.Read();
        var (sourceAfter, destinationAfter) = (ServerCounters.Read(arena.Source), ServerCounters.Read(arena.Destination));
        var sourceCpu = sourceAfter.CpuSeconds - source.CpuSeconds;
        var destinationCpu = destinationAfter.CpuSeconds - destination.CpuSeconds;
        var client = machineAfter.OwnSeconds - machine.OwnSeconds;
        var used = new ResourceUse(
            wall,
            sourceCpu,
            destinationCpu,
            (destinationAfter.WrittenBytes - destination.WrittenBytes) / 1e6,
            client,
            machineAfter.BusySeconds - machine.BusySeconds - sourceCpu - destinationCpu - client is { } foreign ? Math.Max(0, foreign) : null,
            machineAfter.StolenSeconds - machine.StolenSeconds,
            load);
        return (used, result);
    }
}
