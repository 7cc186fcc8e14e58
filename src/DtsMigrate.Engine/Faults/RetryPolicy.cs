using System.Runtime.ExceptionServices;

namespace DtsMigrate.Engine.Faults;

/// <summary>
/// Repeats an action over transient failures within the task's two windows, with jittered backoff from one second to thirty. A window starts at the
/// first failure of its kind and ends with success or reported progress. For a server without room it waits without a limit. While it waits, <c>onRetry</c> tells what failed and when it tries again.
/// </summary>
public sealed class RetryPolicy
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _connectionWindow;
    private readonly TimeSpan _otherWindow;
    private readonly TimeProvider _time;
    private readonly Action<RetryAttempt> _onRetry;
    private readonly Action<string>? _onRecovered;

    /// <summary>Creates a policy.</summary>
    /// <param name="options">The windows.</param>
    /// <param name="time">Clock.</param>
    /// <param name="onRetry">Told before each wait; shows Retrying in the status and logs.</param>
    /// <param name="onRecovered">Told with the action's words when it succeeds or reports progress after a failure, and when it gives up.</param>
    public RetryPolicy(Tasks.TaskOptions options, TimeProvider time, Action<RetryAttempt> onRetry, Action<string>? onRecovered = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _connectionWindow = TimeSpan.FromMinutes(options.RetryFailedConnectionsMinutes);
        _otherWindow = TimeSpan.FromMinutes(options.RetryOtherIssuesMinutes);
        _time = time;
        _onRetry = onRetry;
        _onRecovered = onRecovered;
    }

    /// <summary>The full delay before the first retry; each further one waits twice as long, up to half a minute.</summary>
    internal TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Part of the full delay that jitter takes away at most, as 0..1 by the caller's dice.</summary>
    internal Func<double> Dice { get; init; } = Random.Shared.NextDouble;

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
    /// <exception cref="OperationCanceledException">Cancelled; also when the action failed after that in a way that would have been retried.</exception>
    public async Task RunAsync(string what, bool established, Func<RetryScope, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        var scope = new RetryScope(() => _onRecovered?.Invoke(what));
        var windows = new Windows();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo failure;
            try
            {
                await action(scope, cancellationToken).ConfigureAwait(false);
                scope.Recover();
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsRetried(e, established))
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            catch (Exception e) when (e is not OperationCanceledException && cancellationToken.IsCancellationRequested && IsRetried(e, established))
            {
                // A connection cut off by the cancellation may complain in its own way: that is no failure of the task.
                scope.Recover();
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }
            catch
            {
                scope.Recover();
                throw;
            }

            if (scope.TakeProgress())
            {
                windows = new Windows();
            }

            if (Next(what, failure.SourceException, established, windows) is not { } attempt)
            {
                scope.Recover();
                failure.Throw();
                return;
            }

            scope.Fail();
            _onRetry(attempt);
            try
            {
                await Task.Delay(attempt.Delay, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                scope.Recover();
                throw;
            }
        }
    }

    // Split is the caller's to do: the same statement again would fail again.
    private static bool IsRetried(Exception exception, bool established) =>
        FaultClassifier.Classify(exception, established) is FaultClass.RetryConnection or FaultClass.RetryOther or FaultClass.WaitForUser or FaultClass.WaitForSpace;

    private RetryAttempt? Next(string what, Exception cause, bool established, Windows windows)
    {
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset? ends = windows.EndOf(FaultClassifier.Classify(cause, established), now, _connectionWindow, _otherWindow);
        if (now >= ends)
        {
            return null;
        }

        windows.Attempts++;
        double full = Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(windows.Attempts - 1, 10)), LongestDelay.TotalSeconds);

        // Half of the delay is jitter: many threads that lost the same server do not come back at the same instant. The last try is at the window's end.
        var delay = TimeSpan.FromSeconds(full * (1 - (Dice() / 2)));
        if (ends is { } end && end - now < delay)
        {
            delay = end - now;
        }

        return new RetryAttempt(what, windows.Attempts, delay, ends, cause);
    }

    private sealed class Windows
    {
        private DateTimeOffset? _connectionSince;
        private DateTimeOffset? _otherSince;

        public int Attempts { get; set; }

        public DateTimeOffset? EndOf(FaultClass fault, DateTimeOffset now, TimeSpan connection, TimeSpan other)
        {
            switch (fault)
            {
                case FaultClass.RetryConnection:
                    return (_connectionSince ??= now) + connection;
                case FaultClass.WaitForSpace:
                    // Waiting for room takes what it takes, and none of the time that other failures have.
                    _connectionSince = null;
                    _otherSince = null;
                    return null;
                default:
                    return (_otherSince ??= now) + other;
            }
        }
    }
}
