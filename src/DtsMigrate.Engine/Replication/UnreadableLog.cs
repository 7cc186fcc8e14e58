using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication;

/// <summary>The source refuses to send its binary log: one error number for many causes, so it is asked which it is.</summary>
internal static class UnreadableLog
{
    // What the source's dump thread says when the log is gone, among other faults of reading it.
    private const int CannotRead = 1236;

    /// <summary>True for that error.</summary>
    public static bool Is(MySqlServerException failure) => failure.Errno == CannotRead;

    /// <summary>Throws what it is.</summary>
    /// <param name="context">The run.</param>
    /// <param name="start">Where the dump was to begin.</param>
    /// <param name="failure">What the source said.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">Codes <c>BinlogPurged</c>, <c>SourceRestored</c>, <c>BinlogUnreadable</c>.</exception>
    public static async Task FailAsync(RunContext context, SourcePosition start, MySqlServerException failure, CancellationToken cancellationToken)
    {
        var session = await context.Source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var scope = session.ConfigureAwait(false);
        await new SourceProbe(session, context.SourceFacts).CheckAsync(start, cancellationToken).ConfigureAwait(false);
        throw ReplicationErrors.BinlogUnreadable(start.ToString(), failure.ServerMessage, failure);
    }
}
