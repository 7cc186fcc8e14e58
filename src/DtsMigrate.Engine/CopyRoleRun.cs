using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.FullCopy.Tuning;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Run;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine;

/// <summary>
/// A further worker for the full data migration of a task that another worker runs, on this machine or another one. It joins through the destination alone, needs no task folder, may
/// come and go at any time, and does no harm when it is killed: what it had not committed is done by others.
/// </summary>
public sealed class CopyRoleRun
{
    /// <summary>A machine that vanishes without a word keeps its chunks locked for no longer than this.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(10);

    private readonly MigrationTask _task;
    private readonly SecretResolver _secrets;
    private readonly MaskedLog _log;
    private readonly TimeProvider _time;
    private readonly Throttle _throttle;
    private volatile CopyGovernor? _governor;
    private readonly JoinProgress _progress = new();
    private readonly Lock _gate = new();
    private readonly RateMeter _rows = new();
    private readonly RateMeter _bytes = new();
    private readonly long _started;
    private volatile string? _retrying;

    /// <summary>Prepares a run; nothing is touched yet.</summary>
    /// <param name="task">The definition that the task was begun with; account, hosts and options may be others.</param>
    /// <param name="secrets">Finds the passwords.</param>
    /// <param name="log">Log.</param>
    /// <param name="time">Clock.</param>
    /// <exception cref="DtsMigrateException">Code <c>RoleNotApplicable</c>: the task has no full data migration; and those of the definition's validation.</exception>
    public CopyRoleRun(MigrationTask task, SecretResolver secrets, IRunLog log, TimeProvider time)
    {
        TaskValidator.Validate(task);
        if (!task.MigrationTypes.HasFlag(MigrationTypes.Full))
        {
            throw new DtsMigrateException("RoleNotApplicable", $"Task {task.Name} has no full data migration: there is no copy to join.")
            {
                Target = task.Name,
                RecommendedAction = "Run it without a role.",
            };
        }

        _task = task;
        _secrets = secrets;
        _log = new MaskedLog(log);
        _time = time;
        _throttle = new Throttle(task.Options.Throttle, time);
        _started = time.GetTimestamp();
    }

    /// <summary>The status now. Rates need it to be asked for again and again.</summary>
    public CopyRoleStatus Status
    {
        get
        {
            lock (_gate)
            {
                var elapsed = _time.GetElapsedTime(_started);
                long rows = _progress.Metrics.Tables.Values.Sum(static t => t.Rows);
                long bytes = _progress.Metrics.Tables.Values.Sum(static t => t.Bytes);
                _rows.Observe(elapsed, rows);
                _bytes.Observe(elapsed, bytes);
                string? retrying = _retrying;
                return new CopyRoleStatus
                {
                    Name = _task.Name,
                    State = retrying is null ? _progress.State : "Retrying",
                    Message = retrying ?? _progress.Message,
                    Chunks = _progress.Chunks,
                    RowsCopied = rows,
                    BytesCopied = bytes,
                    RowsPerSecond = _rows.PerSecond,
                    MegabytesPerSecond = _bytes.PerSecond / 1e6,
                    ElapsedSeconds = elapsed.TotalSeconds,
                    ThrottleReason = Throttling.Throttle.Join(_throttle.Reason, _governor?.Reason),
                    Host = Environment.MachineName,
                    WorkerPid = Environment.ProcessId,
                    UpdatedAt = _time.GetUtcNow(),
                };
            }
        }
    }

    /// <summary>Joins and copies until the task's copy is done, its own worker is gone, or it is stopped: none of these is an error.</summary>
    /// <returns>The last status.</returns>
    /// <exception cref="DtsMigrateException">
    /// Codes <c>TaskNotBegun</c>, <c>TaskDefinitionChanged</c>, <c>SourceDiffers</c>, <c>SnapshotNotShared</c>, <c>CheckpointLayoutUnknown</c>; those of a chunk's copy
    /// (see <see cref="FullCopier.RunAsync"/>), which goes back to the task's own worker; and what outlasted the retry windows.
    /// </exception>
    public async Task<CopyRoleStatus> RunAsync(CancellationToken stop)
    {
        try
        {
            var end = await JoinAndCopyAsync(stop).ConfigureAwait(false);
            _retrying = null;
            _progress.Enter(end == JoinEnd.CopyDone ? "Completed" : "Left", end == JoinEnd.CopyDone ? "The copy is done." : "The task's own worker is gone, and there is nothing left to copy without it.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _retrying = null;
            _progress.Enter("Stopped", "Stopped on request; what was in flight is left to others.");
        }
        catch (Exception e)
        {
            _retrying = null;
            _progress.Enter("Failed", e.Message);
            throw;
        }

        return Status;
    }

    private async Task<JoinEnd> JoinAndCopyAsync(CancellationToken stop)
    {
        Secret sourcePassword = await _secrets.ResolveAsync("source", _task.Source, stop).ConfigureAwait(false);
        Secret destinationPassword = await _secrets.ResolveAsync("destination", _task.Destination, stop).ConfigureAwait(false);
        _log.Redact(sourcePassword);
        _log.Redact(destinationPassword);
        var source = new ServerConnector("source", _task.Source, sourcePassword, _task.Options, _time) { Log = _log };
        var destination = new ServerConnector("destination", _task.Destination, destinationPassword, _task.Options, _time) { Log = _log, SilenceLimit = SilenceLimit };
        var retry = new RetryPolicy(_task.Options, _time, OnRetry, _ => _retrying = null);

        // No precheck here: the first contact must fail at once where the definition is wrong.
        var sourceFacts = await FirstContact.ReadFactsAsync(source, retry, established: false, stop).ConfigureAwait(false);
        var destinationFacts = await FirstContact.ReadFactsAsync(destination, retry, established: false, stop).ConfigureAwait(false);
        TaskOptions options = await SizeAdvisor.ApplyAsync(_task, source, destination, retry, _log, stop).ConfigureAwait(false);
        _governor = new CopyGovernor(options.CopyThreads);
        string identity = MigrationRun.ProgressIdentity(_task, sourceFacts);
        bool again = false;
        while (true)
        {
            CheckpointStore? joined = null;
            await retry.RunAsync(
                "join the task on the destination",
                established: again,
                async (_, token) => joined = await CheckpointStore.JoinAsync(destination, _task.Name, identity, token).ConfigureAwait(false),
                stop).ConfigureAwait(false);
            var store = joined!;
            await using (store.ConfigureAwait(false))
            {
                RequireSameSource(store.Lease.Owner, sourceFacts);
                _log.Write(LogLevel.Info, "FullCopy", $"{(again ? "Joined again" : "Joined")} task {_task.Name}, run by {store.Lease.Owner} (epoch {store.Lease.Epoch}), with {options.CopyThreads} copy threads.");
                var context = new RunContext
                {
                    Task = _task with { Options = options },
                    Source = source,
                    Destination = destination,
                    SourceFacts = sourceFacts,
                    DestinationFacts = destinationFacts,
                    Store = store,
                    Retry = retry,
                    Metrics = _progress.Metrics,
                    Log = _log,
                    Time = _time,
                    Throttle = _throttle,
                    Governor = _governor,
                };
                using var joiner = new CopyJoiner(context, identity, _progress);
                var end = JoinEnd.NewLease;
                await new LoadWatch(context).RunAsync(async token => end = await joiner.RunAsync(token).ConfigureAwait(false), stop).ConfigureAwait(false);
                if (end != JoinEnd.NewLease)
                {
                    return end;
                }
            }

            again = true;
        }
    }

    /// <summary>
    /// Watermarks and ends of copies are positions that the task's own worker has read. Another server of the same history may be behind the one or ahead of the other,
    /// and rows read there would be wrong without a word.
    /// </summary>
    private void RequireSameSource(string owner, ServerFacts source)
    {
        string other = LeaseOwner.SourceUuid(owner);
        if (!string.Equals(other, source.ServerUuid, StringComparison.OrdinalIgnoreCase))
        {
            throw new DtsMigrateException("SourceDiffers", $"The worker of task {_task.Name} ({owner}) reads from server {other}; {_task.Source.Host} is server {source.ServerUuid}.")
            {
                Target = _task.Name,
                RecommendedAction = "Give all workers of the task the same server as source.",
            };
        }
    }

    private void OnRetry(RetryAttempt attempt)
    {
        string text = RetryDisplay.Describe(attempt);
        _log.Write(LogLevel.Warning, "Retry", text);
        _retrying = text;
    }
}
