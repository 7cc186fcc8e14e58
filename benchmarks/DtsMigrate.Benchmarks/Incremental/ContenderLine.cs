using DtsMigrate.Benchmarks.Machine;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>A contender's run of a workload.</summary>
/// <param name="Workload">Letter.</param>
/// <param name="Contender">Name.</param>
/// <param name="Seconds">From the first event to everything applied.</param>
/// <param name="ChangesPerSecond">Row changes per second.</param>
/// <param name="Used">CPU time and disk meanwhile, start of processes included.</param>
/// <param name="Engine">What the engine's process told; null for the replica.</param>
internal sealed record ContenderLine(char Workload, string Contender, double Seconds, double ChangesPerSecond, ResourceUse Used, EngineResult? Engine);
