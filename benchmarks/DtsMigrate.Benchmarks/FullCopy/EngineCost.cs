namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>What the engine's process took, start and end of the runtime included.</summary>
/// <param name="CpuSeconds">User and system time.</param>
/// <param name="PeakMemoryMb">Highest resident memory in MiB.</param>
internal sealed record EngineCost(double CpuSeconds, double PeakMemoryMb);
