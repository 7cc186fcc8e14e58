namespace DtsMigrate.Engine.Precheck.Privileges;

/// <summary>One line of SHOW GRANTS.</summary>
/// <param name="IsRevoke">A partial revoke: it takes away from the global privileges.</param>
/// <param name="Privileges">Upper-case names; column privileges are not among them.</param>
/// <param name="Database">Database, or pattern of databases; null for <c>*.*</c>.</param>
/// <param name="Table">Table; null for all of the database.</param>
internal sealed record Grant(bool IsRevoke, IReadOnlySet<string> Privileges, string? Database, string? Table)
{
    // Granted apart from ALL PRIVILEGES on a database or table; names with an underscore are dynamic and never part of it there.
    private static readonly HashSet<string> NotInAll = new(StringComparer.Ordinal) { "GRANT OPTION", "PROXY" };

    /// <summary>True when the line names the privilege, or ALL PRIVILEGES.</summary>
    public bool Names(string privilege) =>
        Privileges.Contains(privilege) || (!NotInAll.Contains(privilege) && (Privileges.Contains("ALL PRIVILEGES") || Privileges.Contains("ALL")));
}
