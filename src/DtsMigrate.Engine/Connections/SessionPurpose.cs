namespace DtsMigrate.Engine.Connections;

/// <summary>What a session is for; decides its settings.</summary>
public enum SessionPurpose
{
    /// <summary>Reading definitions and settings; results in utf8mb4.</summary>
    Metadata,

    /// <summary>Reading rows of the source raw: NAMES binary, time zone UTC, long net_write_timeout.</summary>
    ReadRows,

    /// <summary>A binary log dump.</summary>
    Binlog,

    /// <summary>Writing rows to the destination: NAMES binary, UTC, foreign key checks off, permissive dates and zero auto-increment values, READ COMMITTED.</summary>
    WriteRows,

    /// <summary>DDL and checkpoint statements on the destination: utf8mb4, foreign key checks off, sql_mode of the source given per statement.</summary>
    WriteSchema,
}
