using System.Collections.Concurrent;
using System.Diagnostics;

namespace DtsMigrate.Testing;

/// <summary>
/// Starts processes that must not outlive this one. On Linux the kernel sends them SIGKILL when the <em>thread</em> that started
/// them ends (prctl(2), PR_SET_PDEATHSIG), and threads of the pool end when idle: so one thread of our own starts them all.
/// </summary>
internal static class Spawner
{
    private static readonly ConcurrentDictionary<Process, bool> Alive = new();
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)> Requests = [];

    private static readonly Lazy<string?> DeathSignal = new(() =>
        OperatingSystem.IsLinux() ? ProcessRunner.FindOnPath("setpriv") : null);

    static Spawner()
    {
        new Thread(Serve) { IsBackground = true, Name = "server spawner" }.Start();

        // Without the death signal this covers ordinary ends only; with it, it is merely sooner.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
    }

    internal static Task<Process> StartAsync(string fileName, IEnumerable<string> arguments)
    {
        var start = DeathSignal.Value is { } setpriv
            ? new ProcessStartInfo(setpriv, ["--pdeathsig", "KILL", "--", fileName, .. arguments])
            : new ProcessStartInfo(fileName, arguments);
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add((start, done));
        return done.Task;
    }

    /// <summary>Forgets a process that has ended.</summary>
    internal static void Forget(Process process) => Alive.TryRemove(process, out _);

    private static void Serve()
    {
        foreach (var (start, done) in Requests.GetConsumingEnumerable())
        {
            try
            {
                var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
                Alive[process] = true;
                done.SetResult(process);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }

    private static void KillAll()
    {
        foreach (var process in Alive.Keys)
        {
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It has ended by itself.
            }
        }
    }
}
