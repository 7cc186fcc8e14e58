namespace DtsMigrate.Benchmarks;

/// <summary>The arguments are not understood.</summary>
internal sealed class UsageException(string message) : Exception(message);
