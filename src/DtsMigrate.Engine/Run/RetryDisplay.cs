using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Run;

/// <summary>Shows Retrying while at least one action waits to be tried again, and the station before it once all have got on. Thread safe.</summary>
internal sealed class RetryDisplay(TaskStateMachine states, StatusWriter writer, IRunLog log)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _waiting = [];
    private TaskState _before = TaskState.Starting;

    /// <summary>A failure and what comes of it, in words.</summary>
    public static string Describe(RetryAttempt attempt) =>
        attempt.WindowEnds is { } ends
            ? $"{attempt.What}: {Sentence.End(attempt.Cause.Message)} Trying again in {attempt.Delay.TotalSeconds:0.#} s, until {ends:u}."
            : $"{attempt.What}: {Sentence.End(attempt.Cause.Message)} Waiting for room on the server; trying again in {attempt.Delay.TotalSeconds:0.#} s.";

    /// <summary>An action failed and will be tried again.</summary>
    public void OnRetry(RetryAttempt attempt)
    {
        string text = Describe(attempt);
        log.Write(LogLevel.Warning, "Retry", text);
        lock (_gate)
        {
            _waiting.Add(attempt.What);
            writer.Message = text;
            TaskState now = states.State;
            if (now != TaskState.Retrying && TaskStateMachine.IsLegal(now, TaskState.Retrying) && states.TryTransition(now, TaskState.Retrying, text, attempt.Cause))
            {
                _before = now;
            }
        }
    }

    /// <summary>The action succeeded, or got on.</summary>
    public void OnRecovered(string what)
    {
        lock (_gate)
        {
            if (_waiting.Remove(what))
            {
                log.Write(LogLevel.Info, "Retry", $"{what}: goes on.");
            }

            if (_waiting.Count > 0)
            {
                return;
            }

            writer.Message = null;
            if (states.State == TaskState.Retrying)
            {
                states.TryTransition(TaskState.Retrying, _before, "Goes on after a failure.");
            }
        }
    }

    /// <summary>Goes to a station, whether or not something is being retried.</summary>
    public void Enter(TaskState state, string reason)
    {
        lock (_gate)
        {
            if (states.State == TaskState.Retrying && _waiting.Count > 0)
            {
                _before = state;
                return;
            }

            states.TryTransition(state, reason);
        }
    }
}
