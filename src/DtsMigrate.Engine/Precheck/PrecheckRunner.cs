using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck;

/// <summary>Runs every check in declared order; nothing on either server is changed.</summary>
public static class PrecheckRunner
{
    /// <summary>Runs the checks and yields each result as it comes. Connection failures become Failed items, not exceptions.</summary>
    /// <param name="task">The task.</param>
    /// <param name="source">Source.</param>
    /// <param name="destination">Destination.</param>
    /// <param name="isResume">The task has progress on the destination: its own tables there are no conflict.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static IAsyncEnumerable<PrecheckResult> RunAsync(MigrationTask task, ServerConnector source, ServerConnector destination, bool isResume, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
