using System.Runtime.InteropServices;

namespace DtsMigrate.Testing;

/// <summary>kill(2), for the signals that .NET does not send.</summary>
internal static class PosixSignal
{
    private const int Terminate = 15;

    // Numbers differ by kernel: signal(7) against Darwin's.
    private static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    private static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    internal static void SendTerminate(int processId) => Send(processId, Terminate);

    internal static void SendStop(int processId) => Send(processId, Stop);

    internal static void SendContinue(int processId) => Send(processId, Continue);

    private static void Send(int processId, int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Windows has no signals: a test server can only be killed there");
        }

        if (Kill(processId, signal) != 0)
        {
            throw new InvalidOperationException($"signal {signal} to process {processId} failed with errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
