namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>XID_EVENT (16): the transaction is committed.</summary>
public sealed class XidEvent : BinlogEvent
{
    /// <summary>Internal transaction number; of no meaning outside the server.</summary>
    public required ulong Xid { get; init; }
}
