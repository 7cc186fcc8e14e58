using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Replication;

/// <summary>Incremental data migration: reads the binary log, decides by the gate, applies with the position in the same transaction.</summary>
public sealed class Replicator
{
    /// <summary>Creates the replicator.</summary>
    public Replicator(RunContext context, ObjectSelection selection, IReadOnlyList<TableRoute> routes) =>
        throw new NotImplementedException(context?.ToString() + selection + routes);

    /// <summary>True when every table is Live.</summary>
    public bool AllLive => throw new NotImplementedException();

    /// <summary>A table has been copied: the stream goes back for it when it is time. Thread safe.</summary>
    public void TableCopied(TableRoute route) => throw new NotImplementedException();

    /// <summary>Runs until cancelled. Cancellation is a graceful stop: what is in the open destination transaction is committed or rolled back, and the position with it.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">Stopped for cause: a DDL on a selected object, a change in statement format, a difference, an event that is not understood.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Completes when all tables are Live and everything at or before the position is applied.</summary>
    public Task WaitAppliedAsync(SourcePosition position, CancellationToken cancellationToken) => throw new NotImplementedException();
}
