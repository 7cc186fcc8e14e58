namespace DtsMigrate.Engine.Faults;

/// <summary>
/// Repeats an action over transient failures within the task's two windows, with jittered backoff. A window starts at the first failure and
/// ends with the first success or reported progress. While it waits, <c>onRetry</c> tells what failed and when it tries again.
/// </summary>
public sealed class RetryPolicy
{
    /// <summary>Creates a policy.</summary>
    /// <param name="options">The windows.</param>
    /// <param name="time">Clock.</param>
    /// <param name="onRetry">Told before each wait; shows Retrying in the status and logs.</param>
    public RetryPolicy(Tasks.TaskOptions options, TimeProvider time, Action<RetryAttempt> onRetry) => throw new NotImplementedException(options?.ToString() + time + onRetry);

    /// <summary>Runs the action until it succeeds, fails for good, or its window is over: then the last failure is rethrown.</summary>
    /// <param name="what">The action in words, for messages: <c>copy chunk 3 of shop.orders</c>.</param>
    /// <param name="action">The action; called again from its start on each try. It calls <see cref="RetryScope.ReportProgress"/> whenever it has achieved something durable, which closes the window.</param>
    /// <param name="cancellationToken">Ends the waiting, too.</param>
    public Task RunAsync(string what, Func<RetryScope, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        RunAsync(what, established: true, action, cancellationToken);

    /// <summary>As the other overload, for an action that may be the first contact with a server.</summary>
    /// <param name="what">The action in words.</param>
    /// <param name="established">False for first contact: see <see cref="FaultClassifier.Classify"/>.</param>
    /// <param name="action">The action.</param>
    /// <param name="cancellationToken">Ends the waiting, too.</param>
    public Task RunAsync(string what, bool established, Func<RetryScope, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
