namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>The origin of a GTID: server UUID and optional tag (8.3 and later). Tags are lower case.</summary>
/// <param name="Uuid">UUID of the originating server.</param>
/// <param name="Tag">Tag, empty for none.</param>
public readonly record struct GtidTag(Guid Uuid, string Tag);
