using DtsMigrate.Engine.Alerts;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.FullCopy.Tuning;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Replication.Spool;
using DtsMigrate.Engine.Run;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine;

/// <summary>
/// One run of a task by one worker: holds the worker lock and the lease, runs the precheck when the task has no progress yet, then takes
/// the task from station to station, and shows where it is. What an earlier run began is resumed from the destination.
/// </summary>
public sealed class MigrationRun
{
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan PauseAfterMove = TimeSpan.FromSeconds(1);

    private readonly MigrationTask _task;
    private readonly TaskFolder _folder;
    private readonly SecretResolver _secrets;
    private readonly TimeProvider _time;
    private readonly Throttle _throttle;
    private PauseControl? _pause;
    private volatile bool _suspend;
    private StatusWriter? _writer;

    /// <summary>Epoch of the last lease that this run has held.</summary>
    private long? _epoch;

    /// <summary>Prepares a run; nothing is touched yet.</summary>
    /// <param name="task">The definition.</param>
    /// <param name="folder">The task's folder.</param>
    /// <param name="secrets">Finds the passwords.</param>
    /// <param name="time">Clock.</param>
    public MigrationRun(MigrationTask task, TaskFolder folder, SecretResolver secrets, TimeProvider time)
    {
        TaskValidator.Validate(task);
        _task = task;
        _folder = folder;
        _secrets = secrets;
        _time = time;
        _throttle = new Throttle(task.Options.Throttle, time);
    }

    /// <summary>The status as last written.</summary>
    public MigrationStatus Status => _writer?.Status ?? TaskStatusReader.Read(_folder);

    /// <summary>The tables' status as last written.</summary>
    public IReadOnlyList<TableStatus> Tables => _writer?.Tables ?? _folder.ReadTables();

    /// <summary>Runs until the task is done, or has caught up, or is stopped by the token or by a stop command; a stop is not an error.</summary>
    /// <returns>The last status.</returns>
    /// <exception cref="PrecheckBlockedException">A precheck item failed; nothing was changed.</exception>
    /// <exception cref="DtsMigrateException">The task failed; the status says so, too.</exception>
    public async Task<MigrationStatus> RunAsync(RunUntil until, CancellationToken stop)
    {
        using WorkerLock held = WorkerLock.TryAcquire(_folder) ?? throw new DtsMigrateException("TaskRunning", $"Task {_task.Name} is being run by another process (pid {HolderPid()}).")
        {
            Target = _task.Name,
            RecommendedAction = "Watch it with 'status', or stop it first.",
        };
        using var log = new RunLog(_folder, _time);
        using var pause = new PauseControl();
        _pause = pause;
        BeginThrottle(log);
        var states = new TaskStateMachine(_folder, log, _time);
        if (states.State.IsActive())
        {
            states.TryTransition(states.State, TaskState.Interrupted, "The worker before this one ended without a word.");
        }

        var metrics = new RunMetrics { Throttle = _throttle };
        using var writer = new StatusWriter(_folder, states, metrics, _time);
        _writer = writer;
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var background = new CancellationTokenSource();
        Task display = ShowAsync(writer, halt, background.Token);
        var alerts = new AlertWatch(_task.Options.Alerts, _folder, writer, _secrets, log, _time);
        Task commands = new CommandQueue(_folder, _time).RunAsync(command => Accept(command, log, halt), background.Token);
        try
        {
            await RunToStateAsync(states, writer, log, metrics, until, halt).ConfigureAwait(false);
        }
        finally
        {
            await background.CancelAsync().ConfigureAwait(false);
            await alerts.DisposeAsync().ConfigureAwait(false);
            await Task.WhenAll(display, commands).ConfigureAwait(false);
            writer.Write();
        }

        return writer.Status;
    }

    private int HolderPid() => WorkerLock.IsHeld(_folder, out int pid) ? pid : 0;

    private string Accept(TaskCommand command, RunLog log, CancellationTokenSource halt)
    {
        switch (command)
        {
            case { Kind: TaskCommandKind.Stop }:
                halt.CancelAfter(TimeSpan.Zero);
                return "Stopping.";
            case { Kind: TaskCommandKind.Suspend }:
                if (_pause?.TryAsk() == true)
                {
                    return "Suspending; the source's binary log is pulled on.";
                }

                _suspend = true;
                halt.CancelAfter(TimeSpan.Zero);
                return "Suspending.";
            case { Kind: TaskCommandKind.Resume }:
                return _pause?.TryResume() == true ? "Resuming." : throw new DtsMigrateException("NotSuspended", $"Task {_task.Name} is not suspended.") { Target = _task.Name };
            case { Kind: TaskCommandKind.Throttle, Throttle: { } change }:
                change.Validate();
                ThrottleLimits limits = change.ApplyTo(_throttle.Limits);

                // Kept before it is obeyed: what was answered for outlives a kill.
                ThrottleKeeper.Keep(_folder, _task, limits);
                _throttle.Limits = limits;
                string words = Describe(limits);
                log.Write(LogLevel.Info, "Throttle", $"Changed on request: {words}");
                return words;
            default:
                throw new DtsMigrateException("CommandUnknown", $"Command {command.Kind} is not known to this worker.");
        }
    }

    /// <summary>Takes the throttle that was last set, and writes the definition with it.</summary>
    private void BeginThrottle(RunLog log)
    {
        ThrottleLimits limits = ThrottleKeeper.InForce(_folder, _task);
        if (limits != _task.Options.Throttle)
        {
            log.Write(LogLevel.Info, "Throttle", $"As set since the task was defined: {Describe(limits)}");
        }

        _throttle.Limits = limits;
        _folder.WriteTask(_task with { Options = _task.Options with { Throttle = limits } });
    }

    private static string Describe(ThrottleLimits limits) => limits.ToString() is { Length: > 0 } words ? $"throttle {words}." : "no throttle.";

    /// <summary>A run that cannot be shown must not go on: the task folder is where it is controlled from.</summary>
    private static async Task ShowAsync(StatusWriter writer, CancellationTokenSource halt, CancellationToken cancellationToken)
    {
        try
        {
            await writer.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            await halt.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task RunToStateAsync(TaskStateMachine states, StatusWriter writer, RunLog log, RunMetrics metrics, RunUntil until, CancellationTokenSource halt)
    {
        try
        {
            await RunAndRecoverAsync(states, writer, log, metrics, until, halt).ConfigureAwait(false);
            bool endless = _task.MigrationTypes.HasFlag(MigrationTypes.Incremental);
            End(states, endless ? TaskState.Stopped : TaskState.Completed, endless ? "Caught up with the source." : "All asked for is done.");
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested)
        {
            (TaskState rest, string words) = _suspend ? (TaskState.Suspended, "Suspended on request; resume it to go on.") : (TaskState.Stopped, "Stopped on request; start it again to resume.");
            End(states, rest, words);
        }
        catch (PrecheckBlockedException e)
        {
            states.TryTransition(TaskState.PrecheckFailed, "The precheck found what must be mended first.", e);
            throw;
        }
        catch (Exception e)
        {
            log.Write(LogLevel.Error, states.Current.Phase, e is DtsMigrateException ? e.Message : e.ToString());
            End(states, TaskState.Failed, e.Message, e);
            throw;
        }
    }

    /// <summary>
    /// Tries again by itself where the task allows it. Only a run that has held the lease does, and only under the next epoch: once another worker has had the task, to go on, or to end or
    /// cut it over, this one may not come back.
    /// </summary>
    private async Task RunAndRecoverAsync(TaskStateMachine states, StatusWriter writer, RunLog log, RunMetrics metrics, RunUntil until, CancellationTokenSource halt)
    {
        var recovery = new AutoRecovery(_task.Options.AutoRecoveryDays, _time);
        while (true)
        {
            try
            {
                if (await ConnectAndRunAsync(states, writer, log, metrics, until, halt).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (DtsMigrateException e) when (_epoch is not null && e.Code == "ServerMoved" && !halt.IsCancellationRequested)
            {
                // What this process knows of one server may not hold for another: everything is read again from the new one.
                log.Write(LogLevel.Warning, states.Current.Phase, $"{Sentence.End(e.Message)} Going on with it from what is recorded on the destination.");
                states.TryTransition(TaskState.Retrying, e.Message, e);
                await Task.Delay(PauseAfterMove, _time, halt.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (_epoch is not null && !halt.IsCancellationRequested && recovery.Next(e, metrics.Progress) is { } next)
            {
                string text = $"{Sentence.End(e.Message)} Trying again by itself in {next.Delay.TotalSeconds:0} s, until {next.Ends:u}.";
                log.Write(LogLevel.Error, states.Current.Phase, text);
                states.TryTransition(TaskState.Retrying, text, e);
                writer.Message = text;
                await Task.Delay(next.Delay, _time, halt.Token).ConfigureAwait(false);
                writer.Message = null;
            }
        }
    }

    private static void End(TaskStateMachine states, TaskState last, string reason, Exception? error = null)
    {
        if (last is TaskState.Stopped or TaskState.Suspended && !states.TryTransition(TaskState.Stopping, reason))
        {
            return;
        }

        states.TryTransition(last, reason, error);
    }

    /// <returns>False when it was suspended and resumed meanwhile: it goes on from what is recorded then.</returns>
    private async Task<bool> ConnectAndRunAsync(TaskStateMachine states, StatusWriter writer, RunLog log, RunMetrics metrics, RunUntil until, CancellationTokenSource halt)
    {
        CancellationToken stop = halt.Token;
        Secret sourcePassword = await _secrets.ResolveAsync("source", _task.Source, stop).ConfigureAwait(false);
        Secret destinationPassword = await _secrets.ResolveAsync("destination", _task.Destination, stop).ConfigureAwait(false);
        log.Redact(sourcePassword);
        log.Redact(destinationPassword);
        var source = new ServerConnector("source", _task.Source, sourcePassword, _task.Options, _time) { Log = log, StaysWithOneServer = true };
        var destination = new ServerConnector("destination", _task.Destination, destinationPassword, _task.Options, _time) { Log = log, StaysWithOneServer = true };
        var display = new RetryDisplay(states, writer, log);
        var retry = new RetryPolicy(_task.Options, _time, display.OnRetry, display.OnRecovered);

        var contact = new FirstContact(_task, _folder, states, retry);
        bool resume = await contact.HasProgressAsync(destination, stop).ConfigureAwait(false);
        if (_epoch is not null && !contact.IsKnown)
        {
            throw new DtsMigrateException("ProgressLost", $"The destination no longer knows task {_task.Name}, which this run had begun there: it is another server, or was restored.")
            {
                Target = _task.Name,
                RecommendedAction = "Point the task to the server that has its progress, or begin anew: start it again after emptying the destination.",
            };
        }

        if (!resume)
        {
            await contact.PrecheckAsync(log, source, destination, stop).ConfigureAwait(false);
        }

        if (resume && states.State == TaskState.Prechecking)
        {
            states.TryTransition(TaskState.Prechecking, TaskState.Ready, "The destination has progress of this task; its folder here is new.");
        }

        states.TryTransition(TaskState.Starting, resume ? "Resuming from the destination's checkpoint." : "Starting.");
        ServerFacts sourceFacts = await contact.ReadFactsAsync(source, stop).ConfigureAwait(false);
        ServerFacts destinationFacts = await contact.ReadFactsAsync(destination, stop).ConfigureAwait(false);
        CheckpointStore? opened = null;

        // One signature for all tries: a lease whose COMMIT's answer was lost is this run's own.
        string owner = LeaseOwner.Create(sourceFacts.ServerUuid);
        await retry.RunAsync("take the lease on the destination", established: resume, async (_, token) =>
            opened = await CheckpointStore.OpenAsync(destination, _task.Name, ProgressIdentity(_task, sourceFacts), owner, _epoch, token).ConfigureAwait(false), stop).ConfigureAwait(false);
        CheckpointStore store = opened!;
        _epoch = store.Lease.Epoch;
        await using (store.ConfigureAwait(false))
        {
            if (resume)
            {
                await RequireHistoryAsync(store, source, sourceFacts, retry, stop).ConfigureAwait(false);
            }

            TaskOptions options = await SizeAdvisor.ApplyAsync(_task, source, destination, retry, log, stop).ConfigureAwait(false);
            var governor = new CopyGovernor(options.CopyThreads);
            metrics.Governor = governor;
            var context = new RunContext
            {
                Task = _task with { Options = options },
                Source = source,
                Destination = destination,
                SourceFacts = sourceFacts,
                DestinationFacts = destinationFacts,
                Store = store,
                Retry = retry,
                Metrics = metrics,
                Log = log,
                Time = _time,
                Throttle = _throttle,
                Governor = governor,
                SpoolFolder = _folder.SpoolFolder,
            };
            return await WorkOrRestAsync(context, new RunStations(context, display, until), states, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the task from station to station. Suspended, it keeps the lease and pulls the source's binary log into the spool until it is resumed.</summary>
    private async Task<bool> WorkOrRestAsync(RunContext context, RunStations stations, TaskStateMachine states, CancellationToken stop)
    {
        PauseControl pause = _pause!;
        CancellationToken work = SuspendedPull.IsPossible(context) ? pause.Begin(stop) : stop;
        try
        {
            // A lost lease ends the run.
            await Companion.RunAsync(stations.RunAsync, token => RenewAsync(context, token), work).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (pause.IsAsked && !stop.IsCancellationRequested)
        {
            End(states, TaskState.Suspended, "Suspended on request: nothing is written to the destination, and the source's binary log is pulled on. Resume it to go on.");
        }
        finally
        {
            pause.End();
        }

        await Companion.RunAsync(
            pause.WaitResumeAsync,
            token => Companion.RunAsync(held => SuspendedPull.RunAsync(context, held), held => RenewAsync(context, held), token),
            stop).ConfigureAwait(false);
        context.Log.Write(LogLevel.Info, states.Current.Phase, "Resumed on request.");
        return false;
    }

    /// <summary>
    /// The source may be another server than before. It has to have executed everything that a table was read after, and that was applied: rows read from it would else be older than what
    /// the stream leaves out.
    /// </summary>
    private static async Task RequireHistoryAsync(CheckpointStore store, ServerConnector source, ServerFacts facts, RetryPolicy retry, CancellationToken stop)
    {
        if (!facts.HasGtid)
        {
            return; // what is recorded belongs to one server then: see ProgressIdentity
        }

        await retry.RunAsync("look at the source's history", async (_, token) =>
        {
            var read = (await store.ReadTablesAsync(token).ConfigureAwait(false)).SelectMany(static t => new[] { t.Watermark, t.FuzzyEnd }).OfType<SourcePosition>().ToList();
            if (await store.ReadAppliedAsync(token).ConfigureAwait(false) is { } applied)
            {
                read.AddRange([applied.Current, applied.High]);
            }

            if (read.Count > 0 && read.Aggregate(PositionMath.Later).Gtids is { } known)
            {
                MySqlSession session = await source.OpenAsync(SessionPurpose.Metadata, token).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    await new SourceProbe(session, facts).RequireExecutedAsync(known, token).ConfigureAwait(false);
                }
            }
        }, stop).ConfigureAwait(false);
    }

    private static async Task RenewAsync(RunContext context, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RenewInterval, context.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await context.Store.RenewLeaseAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException && FaultClassifier.Classify(e) != FaultClass.Stop)
            {
                // The renewal is only a sign of life. Whether this worker may write is decided in each writing transaction.
                context.Log.Write(LogLevel.Warning, "Lease", $"The lease could not be renewed now: {e.Message}");
            }
        }
    }

    /// <summary>
    /// What progress belongs to. With GTID the stream itself proves that it is the same history, on whichever server; without, positions and
    /// half-done copies mean something on one server only.
    /// </summary>
    internal static string ProgressIdentity(MigrationTask task, ServerFacts source)
    {
        bool movable = source.HasGtid && task.MigrationTypes.HasFlag(MigrationTypes.Incremental);
        return movable ? DefinitionHash.Of(task) : $"{DefinitionHash.Of(task)}:{source.ServerUuid}";
    }
}
