using System.Globalization;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy.Tuning;

/// <summary>Puts numbers in the place of size Auto.</summary>
internal static class SizeAdvisor
{
    /// <summary>The task's options with copy threads; as they were where the size is not Auto, threads are given, or no rows are copied.</summary>
    public static async Task<TaskOptions> ApplyAsync(
        MigrationTask task, ServerConnector source, ServerConnector destination, RetryPolicy retry, IRunLog log, CancellationToken cancellationToken)
    {
        TaskOptions options = task.Options;
        if (options.Size != TaskSize.Auto || options.GivenCopyThreads is not null || !task.MigrationTypes.HasFlag(MigrationTypes.Full))
        {
            return options;
        }

        SizeChoice? choice = null;
        await retry.RunAsync(
            "look at the size of both servers",
            async (_, token) => choice = SizeChoice.Of(await ReadAsync(source, token).ConfigureAwait(false), await ReadAsync(destination, token).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        log.Write(LogLevel.Info, "Starting", string.Create(CultureInfo.InvariantCulture, $"Size Auto: {choice!.Threads} copy threads, because {choice.Reason}."));
        return options with { CopyThreads = choice.Threads };
    }

    private static async Task<ServerCapacity> ReadAsync(ServerConnector server, CancellationToken cancellationToken)
    {
        MySqlSession session = await server.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            return await ServerCapacity.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }
}
