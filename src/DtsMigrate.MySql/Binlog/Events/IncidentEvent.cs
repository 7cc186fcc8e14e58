namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>INCIDENT_EVENT (26): the source lost events; what follows is not complete.</summary>
public sealed class IncidentEvent : BinlogEvent
{
    /// <summary>The server's message.</summary>
    public required string Message { get; init; }
}
