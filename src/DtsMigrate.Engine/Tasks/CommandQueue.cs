using System.Text.Json;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Requests to the worker of a task, as files: they work between any two processes that see the folder.</summary>
/// <remarks>A request is <c>ID.json</c>, its answer <c>ID.answer.json</c>; the worker removes the request, the asker the answer.</remarks>
public sealed class CommandQueue
{
    private const string AnswerSuffix = ".answer.json";
    private const string RequestSuffix = ".json";

    private static readonly TimeSpan WorkerPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskerPoll = TimeSpan.FromMilliseconds(100);

    private readonly TaskFolder _folder;
    private readonly TimeProvider _time;

    /// <summary>Creates the queue of a task.</summary>
    public CommandQueue(TaskFolder folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _folder = folder;
        _time = time;
    }

    /// <summary>Asks the worker and waits for its answer.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="timeout">Longest wait for the answer (not for the deed).</param>
    /// <param name="cancellationToken">Cancels the waiting; the request is withdrawn.</param>
    /// <exception cref="DtsMigrateException">TaskNotRunning: no worker has the task; WorkerSilent: no answer in time.</exception>
    public Task<TaskCommandAnswer> SendAsync(TaskCommandKind kind, TimeSpan timeout, CancellationToken cancellationToken) =>
        SendAsync(kind, null, timeout, cancellationToken);

    /// <summary>Asks the worker and waits for its answer.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="throttle">With <see cref="TaskCommandKind.Throttle"/>: what changes.</param>
    /// <param name="timeout">Longest wait for the answer (not for the deed).</param>
    /// <param name="cancellationToken">Cancels the waiting; the request is withdrawn.</param>
    /// <exception cref="DtsMigrateException">TaskNotRunning: no worker has the task; WorkerSilent: no answer in time.</exception>
    public async Task<TaskCommandAnswer> SendAsync(TaskCommandKind kind, ThrottleChange? throttle, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!WorkerLock.IsHeld(_folder, out int pid))
        {
            throw NotRunning();
        }

        _folder.Prepare();
        long start = _time.GetTimestamp();
        var command = new TaskCommand(Guid.NewGuid().ToString("N"), kind, _time.GetUtcNow(), throttle);
        string request = Path.Combine(_folder.CommandsFolder, command.Id + RequestSuffix);
        string answer = Path.Combine(_folder.CommandsFolder, command.Id + AnswerSuffix);
        AtomicFile.WriteJson(request, command, durable: false);
        try
        {
            using var timer = new PeriodicTimer(AskerPoll, _time);
            while (true)
            {
                if (AtomicFile.ReadJson<TaskCommandAnswer>(answer) is { } said)
                {
                    return said;
                }

                if (!WorkerLock.IsHeld(_folder, out _))
                {
                    throw NotRunning();
                }

                if (_time.GetElapsedTime(start) > timeout)
                {
                    throw new DtsMigrateException("WorkerSilent", $"The worker of task '{_folder.Name}' (process {pid}) did not answer within {timeout.TotalSeconds:0} s.")
                    {
                        Target = _folder.Name,
                        RecommendedAction = "Look into events.jsonl of the task folder; end the process if it hangs: the task resumes from its last checkpoint.",
                    };
                }

                await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            File.Delete(request);
            File.Delete(answer);
        }
    }

    /// <summary>The worker's side: takes requests as they come until cancelled; ends without an exception then. What is older than the worker is stale and removed.</summary>
    /// <param name="handle">Decides on a request: the words of the answer, which accepts; a <see cref="DtsMigrateException"/> or an error of the folder refuses.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<TaskCommand, string> handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _folder.Prepare();
        RemoveStale();

        // A poll, not a watcher: watchers miss changes on network file systems and run out of handles; half a second is soon enough.
        using var timer = new PeriodicTimer(WorkerPoll, _time);
        try
        {
            do
            {
                Take(handle);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    // Their askers have given up or died: a worker that starts must not be stopped by yesterday's wish.
    private void RemoveStale()
    {
        DateTime started = File.GetLastWriteTimeUtc(_folder.WorkerFile);
        foreach (string file in Directory.EnumerateFiles(_folder.CommandsFolder).Where(file => File.GetLastWriteTimeUtc(file) < started).ToList())
        {
            File.Delete(file);
        }
    }

    private void Take(Func<TaskCommand, string> handle)
    {
        foreach (string file in Directory.EnumerateFiles(_folder.CommandsFolder, "*" + RequestSuffix).Order(StringComparer.Ordinal).ToList())
        {
            if (file.EndsWith(AnswerSuffix, StringComparison.Ordinal))
            {
                continue;
            }

            string id = Path.GetFileNameWithoutExtension(file);
            if (Answer(file, handle) is { } said)
            {
                AtomicFile.WriteJson(Path.Combine(_folder.CommandsFolder, id + AnswerSuffix), new TaskCommandAnswer(id, said.Accepted, said.Words, _time.GetUtcNow()), durable: false);
                File.Delete(file);
            }
        }
    }

    /// <summary>A refused request is answered like any other: it must not take the worker's control away from those who ask next.</summary>
    private static (bool Accepted, string Words)? Answer(string file, Func<TaskCommand, string> handle)
    {
        try
        {
            return AtomicFile.ReadJson<TaskCommand>(file) is { } command ? (true, handle(command)) : null;
        }
        catch (JsonException)
        {
            return (false, "The request is not understood by this worker: it comes from another version.");
        }
        catch (Exception e) when (e is DtsMigrateException or IOException or UnauthorizedAccessException)
        {
            return (false, e.Message);
        }
    }

    private DtsMigrateException NotRunning() => new("TaskNotRunning", $"No worker runs task '{_folder.Name}'.")
    {
        Target = _folder.Name,
        RecommendedAction = "Nothing is to be done: a task without a worker does not run.",
    };
}
