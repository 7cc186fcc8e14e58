using DtsMigrate.Engine.Connections;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication;

/// <summary>Reads positions of the source such that every transaction at or before them is visible to later reads (invariant I2).</summary>
public sealed class SourcePositionReader
{
    /// <summary>Creates the reader.</summary>
    public SourcePositionReader(ServerFacts facts) => throw new NotImplementedException(facts?.ToString());

    /// <summary>
    /// The position now. With GTID: gtid_executed. Without: the coordinate under FLUSH TABLES WITH READ LOCK held for an instant, tried again with
    /// a short lock_wait_timeout when it cannot be had.
    /// </summary>
    public Task<SourcePosition> ReadAsync(MySqlSession session, CancellationToken cancellationToken) => throw new NotImplementedException();
}
