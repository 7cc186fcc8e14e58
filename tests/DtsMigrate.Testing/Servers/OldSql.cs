using System.Text.RegularExpressions;

namespace DtsMigrate.Testing;

/// <summary>
/// Statements of today's MySQL in the words of an older server, where it has such words: the tests are written for the newest, and run on the others too. VECTOR columns become VARBINARY; lines that create kinds of
/// objects that it does not have are left out.
/// </summary>
public static partial class OldSql
{
    /// <summary>The statements as a server of that version takes them.</summary>
    public static string For(Version server, string statements)
    {
        if (server < new Version(8, 2))
        {
            statements = statements.Replace("SHOW BINARY LOG STATUS", "SHOW MASTER STATUS", StringComparison.Ordinal)
                .Replace("RESET BINARY LOGS AND GTIDS", "RESET MASTER", StringComparison.Ordinal)
                .Replace("SET_ANY_DEFINER", "SET_USER_ID", StringComparison.Ordinal);
        }

        if (server < new Version(8, 4))
        {
            statements = NonStandardKeys().Replace(statements, string.Empty);
        }

        if (server < new Version(9, 2))
        {
            statements = NewObjects().Replace(statements, string.Empty);
        }

        return server.Major >= 9 ? statements : VectorFunction().Replace(VectorType().Replace(statements, "VARBINARY(200)"), "CONCAT(");
    }

    [GeneratedRegex(@"SET (GLOBAL )?restrict_fk_on_non_standard_key=OFF;?")]
    private static partial Regex NonStandardKeys();

    [GeneratedRegex(@"^ *CREATE (LIBRARY|JSON RELATIONAL DUALITY VIEW) .*\n", RegexOptions.Multiline)]
    private static partial Regex NewObjects();

    [GeneratedRegex(@"\bVECTOR\(\d+\)", RegexOptions.IgnoreCase)]
    private static partial Regex VectorType();

    [GeneratedRegex(@"\b(STRING_)?TO_VECTOR\(")]
    private static partial Regex VectorFunction();
}
