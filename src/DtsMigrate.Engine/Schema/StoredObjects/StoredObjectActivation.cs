using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Run;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>The end of a task with incremental data migration: creates its triggers on the destination, or takes their guard off, and enables its events.</summary>
public static class StoredObjectActivation
{
    /// <summary>
    /// Activates the objects of a task that no worker runs. From then on the task applies no more changes: with live triggers they would take effect twice. May be run again,
    /// also after a failure or a crash.
    /// </summary>
    /// <param name="task">The definition.</param>
    /// <param name="folder">The task's folder.</param>
    /// <param name="secrets">Finds the passwords.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels between objects; what is done stays done.</param>
    /// <exception cref="DtsMigrateException">
    /// Codes <c>TaskRunning</c> and <c>LeaseHeld</c>: a worker runs it. <c>CopyNotDone</c>: the destination does not have all rows yet. <c>SchemaNotSelected</c>: the task does not
    /// migrate schemas. <c>ObjectNotCreated</c>: the destination refused some objects; the message has its words for each.
    /// </exception>
    public static async Task ActivateAsync(MigrationTask task, TaskFolder folder, SecretResolver secrets, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(secrets);
        if (!task.MigrationTypes.HasFlag(MigrationTypes.Schema))
        {
            throw new DtsMigrateException("SchemaNotSelected", $"Task {task.Name} does not migrate schemas, so it has no triggers or events to activate.") { Target = task.Name };
        }

        using WorkerLock held = WorkerLock.TryAcquire(folder) ?? throw new DtsMigrateException("TaskRunning", $"Task {task.Name} is being run.")
        {
            Target = task.Name,
            RecommendedAction = "Stop it first: triggers would fire for the changes that it applies.",
        };
        using var log = new RunLog(folder, time);
        Secret sourcePassword = await secrets.ResolveAsync("source", task.Source, cancellationToken).ConfigureAwait(false);
        Secret destinationPassword = await secrets.ResolveAsync("destination", task.Destination, cancellationToken).ConfigureAwait(false);
        log.Redact(sourcePassword);
        log.Redact(destinationPassword);
        var source = new ServerConnector("source", task.Source, sourcePassword, task.Options, time) { Log = log };
        var destination = new ServerConnector("destination", task.Destination, destinationPassword, task.Options, time) { Log = log };
        await RunAsync(task, source, destination, log, time, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunAsync(MigrationTask task, ServerConnector source, ServerConnector destination, RunLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        var retry = new RetryPolicy(task.Options, time, attempt => log.Write(LogLevel.Warning, "Retry", RetryDisplay.Describe(attempt)));
        ServerFacts sourceFacts = await FirstContact.ReadFactsAsync(source, retry, established: false, cancellationToken).ConfigureAwait(false);
        ServerFacts destinationFacts = await FirstContact.ReadFactsAsync(destination, retry, established: false, cancellationToken).ConfigureAwait(false);
        string? phase = await CheckpointPeek.ReadPhaseAsync(destination, task.Name, cancellationToken).ConfigureAwait(false);
        if (!RunPhase.IsAtLeast(phase ?? string.Empty, RunPhase.ForeignKeys))
        {
            throw new DtsMigrateException("CopyNotDone", $"The destination does not have all rows of task {task.Name} yet.")
            {
                Target = task.Name,
                RecommendedAction = "Run it until it has caught up with the source, and stop it.",
            };
        }

        var store = await CheckpointStore.OpenAsync(
            destination, task.Name, MigrationRun.ProgressIdentity(task, sourceFacts), LeaseOwner.Create(sourceFacts.ServerUuid), cancellationToken).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            var context = new RunContext
            {
                Task = task,
                Source = source,
                Destination = destination,
                SourceFacts = sourceFacts,
                DestinationFacts = destinationFacts,
                Store = store,
                Retry = retry,
                Metrics = new RunMetrics(),
                Log = log,
                Time = time,
            };

            // Recorded first: a task that is killed in between has live triggers, and must not apply changes either.
            await store.WritePhaseAsync(RunPhase.Activated, cancellationToken).ConfigureAwait(false);
            await new StoredObjectMigrator(context).ActivateAsync(cancellationToken).ConfigureAwait(false);
            log.Write(LogLevel.Info, "Activated", "Triggers and events are as on the source.");
        }
    }
}
