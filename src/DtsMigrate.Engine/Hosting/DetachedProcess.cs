using System.Runtime.InteropServices;

namespace DtsMigrate.Engine.Hosting;

/// <summary>Makes this process independent of the terminal and the shell that started it.</summary>
/// <remarks>
/// POSIX: a session of its own keeps the hang-up of the terminal and its Ctrl+C away (setsid(2)). Windows needs no such step: the process has no console window and no
/// console of its parent, and nothing ends it when the parent goes.
/// </remarks>
internal sealed partial class DetachedProcess : IDisposable
{
    private const int ReadWrite = 2;

    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>Leaves the shell's session, ignores the hang-up, and turns the polite signals into a call.</summary>
    /// <param name="onStop">Called on SIGTERM and SIGINT, on a thread of its own.</param>
    public DetachedProcess(Action onStop)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Fails only when this process leads its session already, which is what is wanted.
            _ = SetSid();
        }

        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true));
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                onStop();
            }));
        }
    }

    /// <summary>Lets go of the standard streams that came from the launcher: what is written from now on goes nowhere.</summary>
    public static void ReleaseStandardStreams()
    {
        Console.SetIn(TextReader.Null);
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int nothing = Open("/dev/null", ReadWrite);
        if (nothing < 0)
        {
            return;
        }

        for (int stream = 0; stream <= 2; stream++)
        {
            _ = Dup2(nothing, stream);
        }

        _ = Close(nothing);
    }

    /// <summary>Gives the signals back.</summary>
    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
