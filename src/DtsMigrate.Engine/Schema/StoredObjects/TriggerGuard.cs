namespace DtsMigrate.Engine.Schema.StoredObjects;

/// <summary>
/// Keeps a trigger from firing for the migration's own writes: its body runs only where a user variable is NULL that every writing session of the migration sets. To the rows
/// that arrive, the source's triggers have already been applied.
/// </summary>
internal static class TriggerGuard
{
    /// <summary>The variable, 1 in the migration's sessions. Written so that it is read alike under every sql_mode.</summary>
    public const string Variable = "@dts_migrate_writer";

    private const string Before = "BEGIN IF " + Variable + " IS NULL THEN\n";
    private const string After = "\n;END IF; END";

    /// <summary>The body within its guard. A line break stands before the semicolon: the body may end in a comment.</summary>
    public static string Add(string body) => Before + body + After;

    /// <summary>The body has the guard.</summary>
    public static bool IsOn(string body) => body.StartsWith(Before, StringComparison.Ordinal) && body.EndsWith(After, StringComparison.Ordinal);

    /// <summary>The body without the guard, if it has it.</summary>
    public static string Remove(string body) => IsOn(body) ? body[Before.Length..^After.Length] : body;
}
