using DtsMigrate.Benchmarks.Machine;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>One run of one contender.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="Round">From 1.</param>
/// <param name="Used">From the start of its first program to the end of its last.</param>
/// <param name="Engine">What the engine told; null for others.</param>
internal sealed record Sample(string Contender, int Round, ResourceUse Used, WorkerResult? Engine);
