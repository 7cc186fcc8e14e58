namespace DtsMigrate.Worker;

/// <summary>Exit codes of <c>dtsmigrate</c>.</summary>
internal static class ExitCode
{
    /// <summary>Done, or stopped on request with a checkpoint.</summary>
    public const int Done = 0;

    /// <summary>Bad usage or a faulty definition: nothing was touched, and the same call will fail again.</summary>
    public const int BadUsage = 2;

    /// <summary>The precheck found what must be mended first: nothing was changed.</summary>
    public const int PrecheckBlocked = 3;

    /// <summary>Failed; may be run again once the cause is removed.</summary>
    public const int Failed = 4;

    /// <summary>Ended at once by a second Ctrl+C, as shells count it.</summary>
    public const int Interrupted = 130;
}
