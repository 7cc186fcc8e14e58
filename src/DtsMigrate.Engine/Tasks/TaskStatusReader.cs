using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads the status of a task as it is: also when its worker has died without a word.</summary>
public static class TaskStatusReader
{
    /// <summary>Reads the status.</summary>
    /// <exception cref="DtsMigrateException">TaskNotFound.</exception>
    public static MigrationStatus Read(TaskFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!folder.Exists)
        {
            // Throws with the words for it.
            folder.ReadTask();
        }

        // The lock before the state: a worker that ends in between leaves a state at rest.
        bool held = WorkerLock.IsHeld(folder, out int pid);
        TaskStateRecord state = folder.ReadState() ?? new TaskStateRecord { Reason = "Defined.", Since = File.GetLastWriteTimeUtc(folder.TaskFile) };
        if (!held && state.State.IsActive())
        {
            // And once more after it: a worker may have begun in between.
            held = WorkerLock.IsHeld(folder, out pid);
        }

        MigrationStatus written = folder.ReadStatus() ?? new MigrationStatus { Name = folder.Name, State = state.State.ToString(), UpdatedAt = state.Since };
        MigrationStatus status = written with
        {
            State = state.State.ToString(),
            Message = written.State == state.State.ToString() ? written.Message : state.Reason,
            Phase = state.Phase,
            StartedAt = state.StartedAt,
            Error = state.Error,
            ErrorCode = state.ErrorCode,
            RecommendedAction = state.RecommendedAction,
            WorkerPid = held && pid != 0 ? pid : null,
        };

        if (held)
        {
            return status;
        }

        status = status with
        {
            RowsPerSecond = 0,
            MegabytesPerSecond = 0,
            ChangesPerSecond = 0,
            EtaSeconds = null,
            LagSeconds = null,
            Message = state.Reason,
            ThrottleReason = null,
            ApplyMode = null,
            ApplyModeReason = null,
            FullQueriesPerSecondLimit = null,
            FullRowsPerSecondLimit = null,
            FullMegabytesPerSecondLimit = null,
            IncrementalRowsPerSecondLimit = null,
            IncrementalMegabytesPerSecondLimit = null,
        };
        return state.State.IsActive()
            ? status with
            {
                State = nameof(TaskState.Interrupted),
                Message = $"The worker ended without a word while the task was {state.State}.",
                RecommendedAction = "Start the task again: it goes on from its last checkpoint.",
            }
            : status;
    }
}
