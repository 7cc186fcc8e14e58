namespace DtsMigrate.Benchmarks;

/// <summary>Exit codes of the process.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;
    public const int NoServer = 3;
}
