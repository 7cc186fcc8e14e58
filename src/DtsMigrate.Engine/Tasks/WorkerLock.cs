using System.Diagnostics;

namespace DtsMigrate.Engine.Tasks;

/// <summary>
/// The right to be the task's worker: an exclusive lock of the operating system on <c>worker.lock</c>, which ends with the process however it ends.
/// Who holds it stands in <c>worker.json</c>.
/// </summary>
public sealed class WorkerLock : IDisposable
{
    // A look by IsHeld takes the lock shared for an instant; an attempt must outlast that.
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _stream;

    private WorkerLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">Task folder; made when missing.</param>
    /// <returns>The lock; null when another worker has it.</returns>
    public static WorkerLock? TryAcquire(TaskFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.Prepare();
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            if (Open(folder, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None) is { } stream)
            {
                var held = new WorkerLock(stream);
                try
                {
                    using var process = Process.GetCurrentProcess();
                    AtomicFile.WriteJson(folder.WorkerFile, new WorkerIdentity(Environment.ProcessId, process.StartTime, Environment.MachineName), durable: false);
                    return held;
                }
                catch
                {
                    held.Dispose();
                    throw;
                }
            }

            Thread.Sleep(Pause);
        }

        return null;
    }

    /// <summary>True when a living worker has the lock.</summary>
    /// <param name="folder">Task folder.</param>
    /// <param name="pid">Its process, as far as known; 0 when the lock is free.</param>
    public static bool IsHeld(TaskFolder folder, out int pid)
    {
        ArgumentNullException.ThrowIfNull(folder);
        pid = 0;
        if (!File.Exists(folder.LockFile))
        {
            return false;
        }

        using FileStream? stream = Open(folder, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream is not null)
        {
            return false;
        }

        if (!File.Exists(folder.LockFile))
        {
            return false;
        }

        pid = AtomicFile.ReadJson<WorkerIdentity>(folder.WorkerFile)?.Pid ?? 0;
        return true;
    }

    /// <summary>Lets the lock go.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>A disk that is full or read-only is no lock that somebody holds.</summary>
    private static bool IsOfDisk(IOException e)
    {
        const int NoSpace = 28;
        const int ReadOnly = 30;
        return !OperatingSystem.IsWindows() && e.HResult is NoSpace or ReadOnly;
    }

    private static FileStream? Open(TaskFolder folder, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode == FileMode.OpenOrCreate)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FileStream(folder.LockFile, options);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && !IsOfDisk(e))
        {
            // Sharing violation on Windows, EWOULDBLOCK of flock elsewhere; a file that has just gone counts as not held.
            return null;
        }
    }
}
