namespace DtsMigrate.Engine.Tasks;

/// <summary>Requests to the worker of a task, as files: they work between any two processes that see the folder.</summary>
public sealed class CommandQueue
{
    /// <summary>Creates the queue of a task.</summary>
    public CommandQueue(TaskFolder folder, TimeProvider time) => _ = (folder, time);

    /// <summary>Asks the worker and waits for its answer.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="timeout">Longest wait for the answer (not for the deed).</param>
    /// <param name="cancellationToken">Cancels the waiting; the request is withdrawn.</param>
    /// <exception cref="MySql.Errors.DtsMigrateException">TaskNotRunning: no worker has the task; WorkerSilent: no answer in time.</exception>
    public Task<TaskCommandAnswer> SendAsync(TaskCommandKind kind, TimeSpan timeout, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The worker's side: takes requests as they come until cancelled; ends without an exception then. What lay there before is refused as stale.</summary>
    /// <param name="handle">Decides on a request: the words of the answer, which accepts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RunAsync(Func<TaskCommand, string> handle, CancellationToken cancellationToken) => throw new NotImplementedException();
}
