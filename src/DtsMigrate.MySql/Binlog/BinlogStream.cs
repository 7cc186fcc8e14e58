using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.MySql.Binlog;

/// <summary>The binary log of a source, event by event, checksums verified.</summary>
public sealed class BinlogStream : IAsyncDisposable
{
    private BinlogStream()
    {
    }

    /// <summary>Starts a dump on a fresh session, which the stream then owns.</summary>
    /// <exception cref="MySqlServerException">1236: the source no longer has what is asked for, or the position is wrong.</exception>
    public static Task<BinlogStream> OpenAsync(MySqlSession session, BinlogStreamOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Waits for the next event. Heartbeats are returned, too.</summary>
    /// <exception cref="MySqlConnectionException">Connection lost, or silent for three heartbeat periods.</exception>
    /// <exception cref="MySqlProtocolException">Wrong checksum, malformed event, or an event of unknown type that is not marked ignorable.</exception>
    public ValueTask<BinlogEvent> ReadAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
