namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>What is of interest in the last status of the worker.</summary>
/// <param name="RowsCopied">Rows.</param>
/// <param name="BytesCopied">Bytes of rows as they were sent.</param>
/// <param name="PeakMemoryMb">Highest resident memory, MiB, runtime included.</param>
internal sealed record WorkerResult(long RowsCopied, long BytesCopied, double PeakMemoryMb);
