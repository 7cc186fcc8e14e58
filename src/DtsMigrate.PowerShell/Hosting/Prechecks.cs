using System.Runtime.CompilerServices;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.PowerShell.Hosting;

/// <summary>Runs the engine's precheck for a task.</summary>
internal static class Prechecks
{
    public static async IAsyncEnumerable<PrecheckResult> RunAsync(MigrationTask task, TaskSecrets secrets, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (Secret source, Secret destination) = await secrets.ResolveAsync(cancellationToken).ConfigureAwait(false);
        var from = new ServerConnector("source", task.Source, source, task.Options, TimeProvider.System);
        var to = new ServerConnector("destination", task.Destination, destination, task.Options, TimeProvider.System);
        bool resume = await HasProgressAsync(to, task, cancellationToken).ConfigureAwait(false);
        await foreach (PrecheckResult result in PrecheckRunner.RunAsync(task, from, to, resume, cancellationToken).ConfigureAwait(false))
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
