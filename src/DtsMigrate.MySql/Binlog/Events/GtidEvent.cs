using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>Start of a transaction: GTID_LOG_EVENT (33), ANONYMOUS_GTID_LOG_EVENT (34) or GTID_TAGGED_LOG_EVENT (42).</summary>
public sealed class GtidEvent : BinlogEvent
{
    /// <summary>The GTID; null when anonymous.</summary>
    public required Gtid? Gtid { get; init; }

    /// <summary>Logical clock: the last transaction that must be committed before this may run.</summary>
    public required long LastCommitted { get; init; }

    /// <summary>Logical clock: number of this transaction in its file.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>Commit time on the server that sent it, microseconds since 1970 UTC; 0 before 8.0.</summary>
    public required long ImmediateCommitMicroseconds { get; init; }

    /// <summary>Commit time on the server where it first ran, microseconds since 1970 UTC; 0 before 8.0.</summary>
    public required long OriginalCommitMicroseconds { get; init; }

    /// <summary>Length of the whole transaction in bytes, this event included; 0 when the server does not say.</summary>
    public required ulong TransactionLength { get; init; }
}
