namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>XA_PREPARE_LOG_EVENT (38): the transaction's rows are prepared (or committed in one phase).</summary>
public sealed class XaPrepareEvent : BinlogEvent
{
    /// <summary>XA COMMIT ... ONE PHASE.</summary>
    public required bool OnePhase { get; init; }

    /// <summary>Format id, gtrid and bqual as <c>X'..',X'..',n</c>.</summary>
    public required string Xid { get; init; }
}
