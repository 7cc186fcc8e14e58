using System.Collections.Frozen;
using DtsMigrate.Engine.Progress;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>
/// The state of a task: one table of legal transitions, one compare-and-set method. A state is in <c>state.json</c> before anybody sees it.
/// One instance per task and process; the process that changes states holds the <see cref="WorkerLock"/>. Thread safe.
/// </summary>
public sealed class TaskStateMachine
{
    private static readonly FrozenDictionary<TaskState, TaskState[]> Table = new Dictionary<TaskState, TaskState[]>
    {
        [TaskState.Created] = [TaskState.Prechecking, TaskState.Starting],
        [TaskState.Prechecking] = [TaskState.PrecheckFailed, TaskState.Ready, TaskState.Retrying, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted],
        [TaskState.PrecheckFailed] = [TaskState.Prechecking, TaskState.Starting],
        [TaskState.Ready] = [TaskState.Prechecking, TaskState.Starting, TaskState.Stopping],
        [TaskState.Starting] =
        [
            TaskState.Prechecking, TaskState.Schema, TaskState.FullCopy, TaskState.CatchingUp, TaskState.Completed,
            TaskState.Retrying, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted,
        ],
        [TaskState.Schema] = [TaskState.FullCopy, TaskState.CatchingUp, TaskState.Completed, TaskState.Retrying, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted],
        [TaskState.FullCopy] =
        [
            TaskState.CatchingUp, TaskState.Replicating, TaskState.Verifying, TaskState.Completed,
            TaskState.Suspended, TaskState.Retrying, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted,
        ],
        [TaskState.CatchingUp] =
        [
            TaskState.FullCopy, TaskState.Replicating, TaskState.Verifying,
            TaskState.Suspended, TaskState.Retrying, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted,
        ],
        [TaskState.Replicating] =
        [
            TaskState.FullCopy, TaskState.CatchingUp, TaskState.Verifying, TaskState.CuttingOver,
            TaskState.Suspended, TaskState.Retrying, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted,
        ],
        [TaskState.Verifying] =
        [
            TaskState.CatchingUp, TaskState.Replicating, TaskState.CuttingOver, TaskState.Completed,
            TaskState.Retrying, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted,
        ],
        [TaskState.CuttingOver] = [TaskState.Replicating, TaskState.Completed, TaskState.Retrying, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted],
        [TaskState.Completed] = [TaskState.Prechecking, TaskState.Starting],
        [TaskState.Suspended] = [TaskState.Prechecking, TaskState.Starting, TaskState.FullCopy, TaskState.CatchingUp, TaskState.Replicating, TaskState.Stopping],
        [TaskState.Stopping] = [TaskState.Stopped, TaskState.Suspended, TaskState.Failed, TaskState.Interrupted],
        [TaskState.Stopped] = [TaskState.Prechecking, TaskState.Starting],
        [TaskState.Interrupted] = [TaskState.Prechecking, TaskState.Starting],
        [TaskState.Retrying] =
        [
            TaskState.Prechecking, TaskState.Starting, TaskState.Schema, TaskState.FullCopy, TaskState.CatchingUp, TaskState.Replicating,
            TaskState.Verifying, TaskState.CuttingOver, TaskState.Stopping, TaskState.Failed, TaskState.Interrupted,
        ],
        [TaskState.Failed] = [TaskState.Prechecking, TaskState.Starting],
    }.ToFrozenDictionary();

    private readonly Lock _gate = new();
    private readonly TaskFolder _folder;
    private readonly IRunLog _log;
    private readonly TimeProvider _time;
    private TaskStateRecord _current;

    /// <summary>Reads the task's state; a task without one is Created.</summary>
    /// <param name="folder">Task folder.</param>
    /// <param name="log">Told of each transition.</param>
    /// <param name="time">Clock.</param>
    public TaskStateMachine(TaskFolder folder, IRunLog log, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder;
        _log = log;
        _time = time;
        _current = folder.ReadState() ?? new TaskStateRecord { State = TaskState.Created, Reason = "Defined.", Since = time.GetUtcNow() };
    }

    /// <summary>The state, and why.</summary>
    public TaskStateRecord Current => Volatile.Read(ref _current);

    /// <summary>The state.</summary>
    public TaskState State => Current.State;

    /// <summary>The states that may follow a state.</summary>
    public static IReadOnlyList<TaskState> NextOf(TaskState state) => Table[state];

    /// <summary>True when the one state may follow the other.</summary>
    public static bool IsLegal(TaskState from, TaskState to) => Array.IndexOf(Table[from], to) >= 0;

    /// <summary>Goes from the expected state to the next: checked, persisted, shown, logged, in this order.</summary>
    /// <param name="expected">The state that the caller believes in.</param>
    /// <param name="next">The next state.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="error">The error behind it, if any; kept in the status until the next transition without one.</param>
    /// <returns>False when the state is another one by now; nothing has changed then.</returns>
    /// <exception cref="InvalidOperationException">The transition is not legal: an error of the program.</exception>
    public bool TryTransition(TaskState expected, TaskState next, string reason, Exception? error = null)
    {
        if (!IsLegal(expected, next))
        {
            throw new InvalidOperationException($"A task cannot go from {expected} to {next}.");
        }

        lock (_gate)
        {
            if (_current.State != expected)
            {
                return false;
            }

            DateTimeOffset now = _time.GetUtcNow();
            var record = new TaskStateRecord
            {
                State = next,
                Phase = next.IsPhase() ? next.ToString() : _current.Phase,
                Reason = reason,
                Since = now,
                StartedAt = _current.StartedAt ?? (next == TaskState.Starting ? now : null),
                Error = error?.Message,
                ErrorCode = error is null ? null : (error as DtsMigrateException)?.Code ?? error.GetType().Name,
                RecommendedAction = (error as DtsMigrateException)?.RecommendedAction,
            };
            _folder.WriteState(record);
            Volatile.Write(ref _current, record);
        }

        _log.Write(next is TaskState.Failed or TaskState.PrecheckFailed ? LogLevel.Error : next == TaskState.Retrying ? LogLevel.Warning : LogLevel.Info, "State", $"{expected} to {next}: {reason}");
        return true;
    }

    /// <summary>Goes from whatever the state is to the next one.</summary>
    /// <returns>False when that is not legal from the state that the task is in.</returns>
    public bool TryTransition(TaskState next, string reason, Exception? error = null)
    {
        while (true)
        {
            TaskState state = State;
            if (!IsLegal(state, next))
            {
                return false;
            }

            if (TryTransition(state, next, reason, error))
            {
                return true;
            }
        }
    }
}
