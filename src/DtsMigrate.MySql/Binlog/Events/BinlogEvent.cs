namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>One event of the binary log. Owns its bytes: it stays valid after the next event is read.</summary>
public abstract class BinlogEvent
{
    /// <summary>The common header.</summary>
    public required BinlogEventHeader Header { get; init; }

    /// <summary>Where the event ends: file, and offset counted in 64 bits (end_log_pos wraps at 4 GiB).</summary>
    public required BinlogCoordinate End { get; init; }
}
