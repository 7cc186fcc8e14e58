using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.MySql.Binlog;

/// <summary>Where a binlog stream starts and how it behaves. Exactly one of <see cref="After"/> and <see cref="From"/> is set.</summary>
public sealed record BinlogStreamOptions
{
    /// <summary>Send every transaction that is not in this set (COM_BINLOG_DUMP_GTID).</summary>
    public GtidSet? After { get; init; }

    /// <summary>Send everything from this coordinate on (COM_BINLOG_DUMP).</summary>
    public BinlogCoordinate? From { get; init; }

    /// <summary>server_id to register with; unique among the source's replicas, or the source cuts the other one off.</summary>
    public required uint ServerId { get; init; }

    /// <summary>
    /// Is given the bytes of every event from the start on as the source sends them, before the event is returned; those of a compressed transaction may come in pieces. Null for nobody.
    /// </summary>
    public ReadOnlySpanAction? Tap { get; init; }

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">Valid during the call only.</param>
    public delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);

    /// <summary>Heartbeat period asked of the source. Three periods without any event count as a lost connection.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(5);
}
