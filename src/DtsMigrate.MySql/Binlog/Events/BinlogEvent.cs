namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>One event of the binary log. Owns its bytes: it stays valid after the next event is read, until <see cref="Release"/>.</summary>
public abstract class BinlogEvent
{
    private BinlogEventHeader _header;
    private BinlogCoordinate _end;

    /// <summary>The common header.</summary>
    public required BinlogEventHeader Header
    {
        get => _header;
        init => _header = value;
    }

    /// <summary>Where the event ends: file, and offset counted in 64 bits (end_log_pos wraps at 4 GiB).</summary>
    public required BinlogCoordinate End
    {
        get => _end;
        init => _end = value;
    }

    /// <summary>
    /// Gives object and bytes back for events to come. To be called at most once, by who knows that nobody else has the event; it must not be touched afterwards.
    /// Need not be called: an event that is not released is collected like any object. Thread safe.
    /// </summary>
    public virtual void Release()
    {
    }

    /// <summary>Becomes another event.</summary>
    private protected void Renew(in BinlogEventHeader header, BinlogCoordinate end)
    {
        _header = header;
        _end = end;
    }
}
