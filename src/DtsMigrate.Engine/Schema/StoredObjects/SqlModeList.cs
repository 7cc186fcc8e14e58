using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>sql_mode between release series (MySQL manual, "Server SQL Modes": modes removed in 8.0).</summary>
internal static class SqlModeList
{
    // Names for groups of other modes, which are printed beside them, and three that only changed what old servers print or whom GRANT creates.
    private static readonly HashSet<string> Removed = new(StringComparer.Ordinal)
    {
        "NO_AUTO_CREATE_USER", "DB2", "MAXDB", "MSSQL", "MYSQL323", "MYSQL40", "ORACLE", "POSTGRESQL", "NO_FIELD_OPTIONS", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS",
    };

    /// <summary>A printed sql_mode without the modes that a server does not have any more.</summary>
    public static string For(ServerVersion version, string sqlMode) =>
        version.IsAtLeast(8) ? string.Join(',', sqlMode.Split(',').Where(m => !Removed.Contains(m))) : sqlMode;
}
