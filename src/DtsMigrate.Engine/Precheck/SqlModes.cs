using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck;

/// <summary>Facts about sql_mode.</summary>
internal static class SqlModes
{
    // MySQL 8.0 manual, "SQL Mode Changes": removed in 8.0.11.
    private static readonly HashSet<string> RemovedIn8 = new(StringComparer.Ordinal)
    {
        "DB2", "MAXDB", "MSSQL", "MYSQL323", "MYSQL40", "ORACLE", "POSTGRESQL", "NO_FIELD_OPTIONS", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS", "NO_AUTO_CREATE_USER",
    };

    // Names for several modes; those stand beside them in the printed value.
    private static readonly string[] Combinations = ["ANSI", "TRADITIONAL"];

    /// <summary>The modes of a value, upper case, without names that only stand for others.</summary>
    public static IReadOnlyList<string> Parts(string value) =>
        [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(m => m.ToUpperInvariant()).Except(Combinations).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A server of the version refuses the mode.</summary>
    public static bool IsRemoved(string mode, ServerVersion version) => version.IsAtLeast(8) && RemovedIn8.Contains(mode);
}
