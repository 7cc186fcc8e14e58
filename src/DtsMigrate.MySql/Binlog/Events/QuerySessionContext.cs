namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>Status variables of a Query event: what the session had set. Null where the event does not say.</summary>
public sealed record QuerySessionContext
{
    /// <summary>OPTION_* bits: 0x04000000 NO_FOREIGN_KEY_CHECKS, 0x08000000 RELAXED_UNIQUE_CHECKS, 0x00080000 NOT_AUTOCOMMIT.</summary>
    public uint? Flags2 { get; init; }

    /// <summary>sql_mode bits.</summary>
    public ulong? SqlMode { get; init; }

    /// <summary>Collation ids: character_set_client, collation_connection, collation_server.</summary>
    public (ushort Client, ushort Connection, ushort Server)? Charsets { get; init; }

    /// <summary>time_zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>auto_increment_increment and auto_increment_offset.</summary>
    public (ushort Increment, ushort Offset)? AutoIncrement { get; init; }

    /// <summary>Collation id of the default database, for CREATE DATABASE.</summary>
    public ushort? DatabaseCollation { get; init; }

    /// <summary>explicit_defaults_for_timestamp.</summary>
    public bool? ExplicitDefaultsForTimestamp { get; init; }

    /// <summary>default_collation_for_utf8mb4, a collation id.</summary>
    public ushort? DefaultUtf8mb4Collation { get; init; }

    /// <summary>sql_require_primary_key.</summary>
    public bool? RequirePrimaryKey { get; init; }

    /// <summary>Invoker's user and host.</summary>
    public (string User, string Host)? Invoker { get; init; }
}
