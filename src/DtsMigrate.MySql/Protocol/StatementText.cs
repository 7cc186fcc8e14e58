namespace DtsMigrate.MySql.Protocol;

/// <summary>How much of a statement an error may show: short, and nothing at all of a statement that could hold a password.</summary>
internal static class StatementText
{
    private const int ShownLength = 200;

    // Words, not statements: SET PASSWORD, IDENTIFIED BY, SOURCE_PASSWORD, CREATE SERVER ... OPTIONS (PASSWORD ...), and whatever a later version adds.
    private static readonly string[] Sensitive = ["PASSWORD", "IDENTIFIED", "CREATE USER", "ALTER USER", "AUTH_STRING", "AUTHENTICATION_STRING"];

    /// <summary>Statement and server message fit to be shown. A syntax error quotes the statement, so its text is cut, too.</summary>
    public static (string? Statement, string Message) ForError(string? sql, string message)
    {
        if (sql is null)
        {
            return (null, message);
        }

        if (MayHoldSecret(sql))
        {
            int near = message.IndexOf(" near '", StringComparison.Ordinal);
            return (null, near < 0 ? message : message[..near] + " (statement not shown)");
        }

        return (sql.Length <= ShownLength ? sql : string.Concat(sql.AsSpan(0, ShownLength), "..."), message);
    }

    public static bool MayHoldSecret(string sql) =>
        Array.Exists(Sensitive, word => sql.Contains(word, StringComparison.OrdinalIgnoreCase));
}
