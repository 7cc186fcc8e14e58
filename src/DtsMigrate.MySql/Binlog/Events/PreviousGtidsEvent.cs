using DtsMigrate.MySql.Binlog.Gtids;

namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>PREVIOUS_GTIDS_LOG_EVENT (35): all GTIDs in earlier files.</summary>
public sealed class PreviousGtidsEvent : BinlogEvent
{
    /// <summary>The set.</summary>
    public required GtidSet Gtids { get; init; }
}
