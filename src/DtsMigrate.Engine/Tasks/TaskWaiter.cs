using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>
/// Waits for a task to reach a point of its journey, by its files: from any process, also before its worker starts. A task that was never started is waited for, not judged.
/// </summary>
public sealed class TaskWaiter
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly TaskFolder _folder;
    private readonly TimeProvider _time;

    /// <summary>Creates the waiter of a task.</summary>
    public TaskWaiter(TaskFolder folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder;
        _time = time;
    }

    /// <summary>Waits.</summary>
    /// <param name="until">What for.</param>
    /// <param name="timeout">Longest wait; null for any length.</param>
    /// <param name="seen">Told of each status on the way; null for nobody.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The status that has reached it.</returns>
    /// <exception cref="DtsMigrateException">
    /// WaitTimeout; WaitStopped: the task rests before the point; the task's own error when it failed; MigrationInterrupted: its worker died.
    /// </exception>
    public async Task<MigrationStatus> WaitAsync(WaitUntil until, TimeSpan? timeout, Action<MigrationStatus>? seen, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        long start = _time.GetTimestamp();
        while (true)
        {
            MigrationStatus status = TaskStatusReader.Read(_folder);
            seen?.Invoke(status);
            if (IsReached(status, until))
            {
                return status;
            }

            if (ErrorOf(status) is { } error)
            {
                throw error;
            }

            if (status.State is nameof(TaskState.Stopped) or nameof(TaskState.Suspended))
            {
                throw new DtsMigrateException("WaitStopped", $"Task '{_folder.Name}' is {status.State} before it has reached {until}. {status.Message}")
                {
                    Target = _folder.Name,
                    RecommendedAction = $"Resume-Migration {_folder.Name} goes on where it was.",
                };
            }

            if (timeout is { } limit && _time.GetElapsedTime(start) >= limit)
            {
                throw new DtsMigrateException("WaitTimeout", $"Task '{_folder.Name}' has not reached {until} after {limit.TotalSeconds:0} seconds; it is {status.State}.")
                {
                    Target = _folder.Name,
                    IsTransient = true,
                    RecommendedAction = "Wait again, or longer: the task goes on.",
                };
            }

            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True when a status has reached the point.</summary>
    public static bool IsReached(MigrationStatus status, WaitUntil until)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.State == nameof(TaskState.Completed))
        {
            return true;
        }

        // The phase stays when the state is Retrying, Stopped and the like: what is reached stays reached.
        return until switch
        {
            WaitUntil.Ended => status.State is nameof(TaskState.Stopped) or nameof(TaskState.Suspended),
            WaitUntil.SchemaDone => status.Phase is nameof(TaskState.FullCopy) || IsPastCopy(status.Phase),
            WaitUntil.CopyDone => IsPastCopy(status.Phase) && status.TablesDone >= status.TablesTotal,
            _ => status.Phase is nameof(TaskState.Replicating) or nameof(TaskState.CuttingOver),
        };
    }

    /// <summary>The error that a status at rest stands for; null when the task did not end with one.</summary>
    public static DtsMigrateException? ErrorOf(MigrationStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.State switch
        {
            nameof(TaskState.Failed) or nameof(TaskState.PrecheckFailed) => new DtsMigrateException(status.ErrorCode ?? "MigrationFailed", status.Error ?? status.Message)
            {
                Target = status.Name,
                RecommendedAction = status.RecommendedAction,
            },
            nameof(TaskState.Interrupted) => new DtsMigrateException("MigrationInterrupted", status.Message) { Target = status.Name, RecommendedAction = status.RecommendedAction },
            _ => null,
        };
    }

    private static bool IsPastCopy(string phase) =>
        phase is nameof(TaskState.CatchingUp) or nameof(TaskState.Replicating) or nameof(TaskState.Verifying) or nameof(TaskState.CuttingOver);
}
