namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>The 19-byte common event header (v4).</summary>
/// <param name="Timestamp">Seconds since 1970 UTC.</param>
/// <param name="Type">Event type number, Log_event_type.</param>
/// <param name="ServerId">server_id of the server that wrote it first.</param>
/// <param name="Length">Length with header and checksum.</param>
/// <param name="EndLogPosition">end_log_pos as sent, 32 bits; 0 in artificial events.</param>
/// <param name="Flags">LOG_EVENT_* flags; 0x80 is LOG_EVENT_IGNORABLE_F.</param>
public readonly record struct BinlogEventHeader(uint Timestamp, byte Type, uint ServerId, uint Length, uint EndLogPosition, ushort Flags);
