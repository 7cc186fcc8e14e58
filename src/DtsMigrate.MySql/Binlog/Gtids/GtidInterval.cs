namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>Transaction numbers from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct GtidInterval(long Start, long End);
