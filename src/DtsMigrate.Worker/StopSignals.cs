using System.Runtime.InteropServices;

namespace DtsMigrate.Worker;

/// <summary>
/// Ctrl+C, SIGTERM and SIGHUP ask for a graceful stop; a second Ctrl+C ends the process at once, which loses nothing but the work since the last
/// checkpoint.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TextWriter _error;
    private int _interrupts;

    public StopSignals(TextWriter error)
    {
        _error = error;
        bool ignoresHangUp = IgnoresHangUp();
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnStop));
        if (!ignoresHangUp)
        {
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnStop));
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    // Who started us by nohup wants us to outlive the terminal. proc(5): SigIgn is a hexadecimal mask, bit 0 is signal 1, SIGHUP.
    private static bool IgnoresHangUp()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        string? line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return line is not null && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & 1) != 0;
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _interrupts) > 1)
        {
            Environment.Exit(ExitCode.Interrupted);
        }

        Stop("Stopping with a checkpoint; Ctrl+C again ends at once.");
    }

    private void OnStop(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop("Stopping with a checkpoint.");
    }

    private void Stop(string words)
    {
        if (!_stop.IsCancellationRequested)
        {
            _error.WriteLine("dtsmigrate: " + words);
            _stop.Cancel();
        }
    }
}
