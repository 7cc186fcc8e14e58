using System.Text.RegularExpressions;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Notices that a table's definition has changed while it is copied (invariant I6).</summary>
internal static partial class DefinitionGuard
{
    /// <summary>Reads the source's definition and compares its text with the tracked one.</summary>
    /// <exception cref="TableChangedException">It is another one, or there is none.</exception>
    public static async Task CheckAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        int attempt = table.Attempt;
        if (table.IsOutdated)
        {
            throw new TableChangedException(table, attempt, "was altered");
        }

        var tracked = table.Route.Definition;
        var catalog = await sessions.CatalogAsync(cancellationToken).ConfigureAwait(false);
        string? now = await catalog.ReadCreateAsync(tracked.Name, cancellationToken).ConfigureAwait(false);
        if (now is null || Stable(now) != Stable(tracked.CreateSql))
        {
            throw new TableChangedException(table, attempt, now is null ? "was dropped or renamed" : "was altered");
        }
    }

    /// <summary>Tells whether a failure of a table's copy comes from a change of its definition; the failure is the caller's to report otherwise.</summary>
    /// <exception cref="TableChangedException">It does.</exception>
    public static async Task ExplainAsync(TableWork table, CopySessions sessions, Exception failure, CancellationToken cancellationToken)
    {
        if (failure is MySqlServerException { Errno: 1412 })
        {
            // ER_TABLE_DEF_CHANGED: the snapshot is older than the table. Truncating or rebuilding makes a new table of the same definition.
            throw new TableChangedException(table, table.Attempt, "was rebuilt or truncated", failure);
        }

        await CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
    }

    // The next value of AUTO_INCREMENT is data, not definition. Line breaks inside names and comments are shown escaped.
    private static string Stable(string createSql) => NextValue().Replace(createSql, "$1", 1);

    [GeneratedRegex(@"^(\) .*?ENGINE=\w+) AUTO_INCREMENT=[0-9]+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NextValue();
}
