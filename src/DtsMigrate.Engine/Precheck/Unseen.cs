using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Precheck;

/// <summary>What an account may not look at: said with the grant that is missing, instead of a guess.</summary>
internal static class Unseen
{
    /// <summary>The server refused for want of a privilege: on a database, column, table, routine, or for the whole server (MySQL manual, "Server Error Message Reference").</summary>
    public static bool Is(MySqlServerException error) => error.Errno is 1044 or 1142 or 1143 or 1227 or 1370;

    /// <summary>The finding.</summary>
    /// <param name="target">Server.</param>
    /// <param name="what">What cannot be seen, a whole sentence.</param>
    /// <param name="grant">What is missing, as GRANT names it: <c>PROCESS ON *.*</c>.</param>
    /// <param name="account">The account in SQL.</param>
    public static Finding Of(string target, string what, string grant, string account) =>
        new(PrecheckOutcome.Skipped, target, $"{what} Missing: {grant}.", $"Grant it to the {target} account to have this judged.", $"GRANT {grant} TO {account};");
}
