using System.ComponentModel;
using System.Diagnostics;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>The process that runs a task, seen from outside.</summary>
internal static class WorkerProcess
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Kills it.</summary>
    /// <exception cref="DtsMigrateException">TaskNotRunning, WorkerNotKillable.</exception>
    public static void Kill(TaskFolder folder)
    {
        if (!WorkerLock.IsHeld(folder, out int pid))
        {
            throw new DtsMigrateException("TaskNotRunning", $"No worker runs task '{folder.Name}'.") { Target = folder.Name };
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended since we looked; if it has not, because it runs on another machine, the wait that follows says so.
        }
        catch (Win32Exception e)
        {
            throw new DtsMigrateException("WorkerNotKillable", $"Process {pid}, which runs task '{folder.Name}', cannot be ended: {e.Message}", e)
            {
                Target = folder.Name,
                RecommendedAction = "Run as the user who started it.",
            };
        }
    }

    /// <summary>Asks it to end in one way or the other; it agrees, and ends a little later.</summary>
    /// <returns>Its words.</returns>
    /// <exception cref="DtsMigrateException">TaskNotRunning, WorkerSilent; StopRefused, SuspendRefused, ResumeRefused.</exception>
    public static async Task<string> AskAsync(TaskFolder folder, TaskCommandKind kind, CancellationToken cancellationToken)
    {
        TaskCommandAnswer answer = await new CommandQueue(folder, TimeProvider.System).SendAsync(kind, AnswerLimit, cancellationToken).ConfigureAwait(false);
        return answer.Accepted
            ? answer.Message
            : throw new DtsMigrateException($"{kind}Refused", $"The worker of task '{folder.Name}' refused: {answer.Message}") { Target = folder.Name };
    }

    /// <summary>Waits until nobody holds the task.</summary>
    /// <exception cref="DtsMigrateException">WaitTimeout.</exception>
    public static Task WaitEndAsync(TaskFolder folder, TimeSpan limit, CancellationToken cancellationToken) => WaitAsync(folder, static _ => false, limit, cancellationToken);

    /// <summary>Waits until nobody holds the task, or its state is one that was waited for.</summary>
    /// <exception cref="DtsMigrateException">WaitTimeout.</exception>
    public static async Task WaitAsync(TaskFolder folder, Func<TaskState, bool> isReached, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        var clock = Stopwatch.StartNew();
        while (WorkerLock.IsHeld(folder, out int pid) && !(folder.ReadState() is { } record && isReached(record.State)))
        {
            if (limit != Timeout.InfiniteTimeSpan && clock.Elapsed > limit)
            {
                throw new DtsMigrateException("WaitTimeout", $"Task '{folder.Name}' is still run by process {pid} after {limit.TotalSeconds:0} seconds.")
                {
                    Target = folder.Name,
                    IsTransient = true,
                    RecommendedAction = "Wait longer with -Timeout; Stop-Migration -Force kills the worker, and the next start resumes from the last checkpoint.",
                };
            }

            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
