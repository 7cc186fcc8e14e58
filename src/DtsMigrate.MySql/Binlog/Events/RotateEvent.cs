namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>ROTATE_EVENT (4): the log goes on in another file. An artificial one opens every dump.</summary>
public sealed class RotateEvent : BinlogEvent
{
    /// <summary>The file that follows.</summary>
    public required BinlogCoordinate Next { get; init; }
}
