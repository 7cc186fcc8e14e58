namespace DtsMigrate.Benchmarks.Tables;

/// <summary>One step.</summary>
/// <param name="What">What was done.</param>
/// <param name="Seconds">Time on the clock, start of the program included.</param>
/// <param name="EngineCpuSeconds">CPU time of the engine's process.</param>
/// <param name="PeakMemoryMb">Highest resident memory of the engine's process, MiB; null where the system does not tell.</param>
/// <param name="SourceStatements">Statements that the source has answered.</param>
/// <param name="DestinationStatements">Statements that the destination has answered.</param>
internal sealed record TablesLine(string What, double Seconds, double EngineCpuSeconds, double? PeakMemoryMb, long SourceStatements, long DestinationStatements);
