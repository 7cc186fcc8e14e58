using System.Runtime.CompilerServices;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck;

/// <summary>The precheck of a task on its own, outside of a run: with its approvals, and kept in the task's folder for the report.</summary>
public static class TaskPrecheck
{
    /// <summary>Runs the checks and yields each result as it comes; nothing on either server is changed.</summary>
    /// <param name="task">The task.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="secrets">Finds the passwords.</param>
    /// <param name="time">Clock.</param>
    /// <param name="onlyFailed">Run only what failed or could not be judged last time; the other results are those of that time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">A password is not to be found. What servers refuse is a result.</exception>
    public static async IAsyncEnumerable<PrecheckResult> RunAsync(MigrationTask task, TaskFolder folder, SecretResolver secrets, TimeProvider time, bool onlyFailed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(secrets);
        Secret sourcePassword = await secrets.ResolveAsync("source", task.Source, cancellationToken).ConfigureAwait(false);
        Secret destinationPassword = await secrets.ResolveAsync("destination", task.Destination, cancellationToken).ConfigureAwait(false);
        var source = new ServerConnector("source", task.Source, sourcePassword, task.Options, time);
        var destination = new ServerConnector("destination", task.Destination, destinationPassword, task.Options, time);
        bool resume = await HasProgressAsync(destination, task, cancellationToken).ConfigureAwait(false);
        await foreach (PrecheckResult result in PrecheckPass.RunAsync(task, folder, source, destination, resume, onlyFailed, cancellationToken).ConfigureAwait(false))
        {
            yield return result;
        }
    }

    /// <summary>The task has progress on the destination: the tables there are its own.</summary>
    private static async Task<bool> HasProgressAsync(ServerConnector destination, MigrationTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await CheckpointPeek.ReadPhaseAsync(destination, task.Name, cancellationToken).ConfigureAwait(false) is { Length: > 0 };
        }
        catch (DtsMigrateException)
        {
            // The precheck is about to say what is wrong with the connection, with its remedy.
            return false;
        }
    }
}
