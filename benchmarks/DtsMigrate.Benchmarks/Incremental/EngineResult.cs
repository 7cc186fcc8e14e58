namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>What the engine's process tells.</summary>
/// <param name="Seconds">From the start of incremental data migration to everything applied.</param>
/// <param name="CpuSeconds">CPU time of the whole process, runtime and compiling included.</param>
/// <param name="PeakMemoryMb">Highest resident memory, MiB.</param>
/// <param name="Changes">Row changes applied.</param>
/// <param name="Mode">Apply mode at the end.</param>
internal sealed record EngineResult(double Seconds, double CpuSeconds, double PeakMemoryMb, long Changes, string? Mode);
