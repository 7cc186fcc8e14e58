using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine;

/// <summary>Changes of a task that need no restart.</summary>
public static class MigrationControl
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Changes the throttle of a task, whether or not a worker runs it. A running one obeys within two seconds; later runs keep the change.
    /// </summary>
    /// <param name="folder">Task folder.</param>
    /// <param name="change">What changes.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The limits from now on.</returns>
    /// <exception cref="DtsMigrateException">
    /// TaskNotFound; ThrottleOutOfRange; WorkerSilent: the worker did not answer; ThrottleRefused: the worker could not keep the change.
    /// </exception>
    public static async Task<ThrottleLimits> SetThrottleAsync(TaskFolder folder, ThrottleChange change, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(change);
        change.Validate();
        folder.ReadTask();
        while (!TryChangeAtRest(folder, change))
        {
            try
            {
                TaskCommandAnswer answer = await new CommandQueue(folder, time).SendAsync(TaskCommandKind.Throttle, change, AnswerLimit, cancellationToken).ConfigureAwait(false);
                if (!answer.Accepted)
                {
                    throw new DtsMigrateException("ThrottleRefused", $"The worker of task '{folder.Name}' did not take the throttle: {answer.Message}") { Target = folder.Name };
                }

                break;
            }
            catch (DtsMigrateException e) when (e.Code == "TaskNotRunning")
            {
                // It has ended meanwhile: what it left is changed.
            }
        }

        return folder.ReadTask().Options.Throttle;
    }

    /// <summary>Changes the folder of a task that no worker runs, under the worker's lock, so that none begins meanwhile.</summary>
    private static bool TryChangeAtRest(TaskFolder folder, ThrottleChange change)
    {
        if (WorkerLock.IsHeld(folder, out _))
        {
            return false;
        }

        using WorkerLock? held = WorkerLock.TryAcquire(folder);
        if (held is null)
        {
            return false;
        }

        MigrationTask task = folder.ReadTask();
        ThrottleKeeper.Keep(folder, task, change.ApplyTo(ThrottleKeeper.InForce(folder, task)));
        return true;
    }
}
