namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>HEARTBEAT_LOG_EVENT (27) or its version 2 (41): the source is alive and has nothing to send up to <see cref="BinlogEvent.End"/>.</summary>
public sealed class HeartbeatEvent : BinlogEvent;
