using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Connections;

/// <summary>What a server is, read once when it is first connected to.</summary>
public sealed record ServerFacts
{
    /// <summary>Version.</summary>
    public required ServerVersion Version { get; init; }

    /// <summary>server_uuid.</summary>
    public required string ServerUuid { get; init; }

    /// <summary>server_id.</summary>
    public required uint ServerId { get; init; }

    /// <summary>gtid_mode is ON: positions are GTID sets.</summary>
    public required bool HasGtid { get; init; }

    /// <summary>lower_case_table_names.</summary>
    public required int LowerCaseTableNames { get; init; }

    /// <summary>max_allowed_packet in bytes.</summary>
    public required long MaxAllowedPacket { get; init; }

    /// <summary>local_infile is on.</summary>
    public required bool LocalInfile { get; init; }

    /// <summary>
    /// Foreign key cascades write their rows to the binary log (9.6 and later with innodb_native_foreign_keys=OFF).
    /// </summary>
    public required bool LogsCascades { get; init; }

    /// <summary>Sessions that set no time_zone are in UTC.</summary>
    public bool IsInUtc { get; init; }

    /// <summary>
    /// Largest transaction that group replication takes, in bytes of the binary log (group_replication_transaction_size_limit); null where there is no limit, or no such plugin.
    /// </summary>
    public long? TransactionLimit { get; init; }
}
