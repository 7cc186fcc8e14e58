namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Event type numbers, Log_event_type in the server.</summary>
internal static class EventType
{
    public const byte Query = 2;
    public const byte Stop = 3;
    public const byte Rotate = 4;
    public const byte FormatDescription = 15;
    public const byte Xid = 16;
    public const byte TableMap = 19;
    public const byte WriteRowsV1 = 23;
    public const byte UpdateRowsV1 = 24;
    public const byte DeleteRowsV1 = 25;
    public const byte Incident = 26;
    public const byte Heartbeat = 27;
    public const byte Ignorable = 28;
    public const byte RowsQuery = 29;
    public const byte WriteRows = 30;
    public const byte UpdateRows = 31;
    public const byte DeleteRows = 32;
    public const byte Gtid = 33;
    public const byte AnonymousGtid = 34;
    public const byte PreviousGtids = 35;
    public const byte TransactionContext = 36;
    public const byte ViewChange = 37;
    public const byte XaPrepare = 38;
    public const byte PartialUpdateRows = 39;
    public const byte TransactionPayload = 40;
    public const byte HeartbeatV2 = 41;
    public const byte GtidTagged = 42;

    /// <summary>Name for messages.</summary>
    public static string Name(byte type) => type switch
    {
        Query => "QUERY",
        Stop => "STOP",
        Rotate => "ROTATE",
        5 => "INTVAR",
        9 => "APPEND_BLOCK",
        11 => "DELETE_FILE",
        13 => "RAND",
        14 => "USER_VAR",
        FormatDescription => "FORMAT_DESCRIPTION",
        Xid => "XID",
        17 => "BEGIN_LOAD_QUERY",
        18 => "EXECUTE_LOAD_QUERY",
        TableMap => "TABLE_MAP",
        WriteRowsV1 or WriteRows => "WRITE_ROWS",
        UpdateRowsV1 or UpdateRows => "UPDATE_ROWS",
        DeleteRowsV1 or DeleteRows => "DELETE_ROWS",
        Incident => "INCIDENT",
        Heartbeat or HeartbeatV2 => "HEARTBEAT",
        Ignorable => "IGNORABLE",
        RowsQuery => "ROWS_QUERY",
        Gtid => "GTID",
        AnonymousGtid => "ANONYMOUS_GTID",
        PreviousGtids => "PREVIOUS_GTIDS",
        TransactionContext => "TRANSACTION_CONTEXT",
        ViewChange => "VIEW_CHANGE",
        XaPrepare => "XA_PREPARE",
        PartialUpdateRows => "PARTIAL_UPDATE_ROWS",
        TransactionPayload => "TRANSACTION_PAYLOAD",
        GtidTagged => "GTID_TAGGED",
        _ => "unknown",
    };

    /// <summary>True for events that a compressed transaction cannot hold: they make up the file, begin a transaction, or hold one.</summary>
    public static bool IsOutsideTransactions(byte type) =>
        type is Stop or Rotate or FormatDescription or Heartbeat or HeartbeatV2 or Gtid or AnonymousGtid or GtidTagged or PreviousGtids or TransactionPayload;

    /// <summary>True for events that only statement-based logging writes.</summary>
    public static bool IsStatementFormat(byte type) => type is 5 or 9 or 11 or 13 or 14 or 17 or 18;
}
