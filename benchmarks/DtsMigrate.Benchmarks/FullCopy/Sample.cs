namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>One run of one contender.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="Round">From 1.</param>
/// <param name="WallSeconds">From the start of its first program to the end of its last.</param>
/// <param name="SourceCpuSeconds">CPU time of the source in between; null in containers.</param>
/// <param name="DestinationCpuSeconds">CPU time of the destination in between, which a busy machine disturbs less than the wall time.</param>
/// <param name="Engine">What the engine's process took; null for others.</param>
/// <param name="LoadBefore">Load average over a minute when it started; null where the system has none.</param>
internal sealed record Sample(
    string Contender,
    int Round,
    double WallSeconds,
    double? SourceCpuSeconds,
    double? DestinationCpuSeconds,
    EngineCost? Engine,
    double? LoadBefore);
