using System.Text.RegularExpressions;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Notices that a table's definition has changed while it is copied (invariant I6).</summary>
internal static partial class DefinitionGuard
{
    /// <summary>Reads the source's definition and compares its text with the tracked one.</summary>
    /// <returns>The text, with what the source's SHOW CREATE TABLE says of AUTO_INCREMENT.</returns>
    /// <exception cref="TableChangedException">It is another one, or there is none.</exception>
    public static async Task<string> CheckAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
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

        return now;
    }

    /// <summary>Reads the source's definitions of many tables in one round trip and compares their texts with the tracked ones.</summary>
    /// <returns>The unchanged tables with their texts. What is wrong with the others <see cref="CheckAsync"/> tells.</returns>
    public static async Task<IReadOnlyList<(TableWork Table, string CreateSql)>> FindUnchangedAsync(IReadOnlyList<TableWork> tables, CopySessions sessions, CancellationToken cancellationToken)
    {
        var unchanged = new List<(TableWork, string)>(tables.Count);
        foreach (var database in tables.Where(t => !t.IsOutdated).GroupBy(t => t.Route.Source.Database, StringComparer.Ordinal))
        {
            var catalog = await sessions.CatalogAsync(database.Count(), cancellationToken).ConfigureAwait(false);
            var now = await catalog.ReadCreatesAsync(database.Key, [.. database.Select(t => t.Route.Source.Name)], cancellationToken).ConfigureAwait(false);
            unchanged.AddRange(database
                .Where(t => now.TryGetValue(t.Route.Source.Name, out string? sql) && Stable(sql) == Stable(t.Route.Definition.CreateSql))
                .Select(t => (t, now[t.Route.Source.Name])));
        }

        return unchanged;
    }

    /// <summary>Tells whether a failure of a table's copy comes from a change of its definition; the failure is the caller's to report otherwise.</summary>
    /// <param name="table">Table.</param>
    /// <param name="attempt">The attempt that has failed: when it is over already, another worker has met the change first.</param>
    /// <param name="sessions">The caller's.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TableChangedException">It does.</exception>
    public static async Task ExplainAsync(TableWork table, int attempt, CopySessions sessions, Exception failure, CancellationToken cancellationToken)
    {
        if (table.Attempt != attempt)
        {
            throw new TableChangedException(table, attempt, "was altered", failure);
        }

        ThrowIfNewer(table, attempt, failure);
        await CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        if (table.Attempt != attempt)
        {
            throw new TableChangedException(table, attempt, "was altered", failure);
        }
    }

    /// <summary>ER_TABLE_DEF_CHANGED: the snapshot is older than the table. Truncating or rebuilding makes a new table of the same definition, so that it cannot be seen otherwise.</summary>
    /// <exception cref="TableChangedException">It is.</exception>
    public static void ThrowIfNewer(TableWork table, int attempt, Exception failure)
    {
        if (failure is MySqlServerException { Errno: 1412 })
        {
            throw new TableChangedException(table, attempt, "was altered, rebuilt or truncated", failure);
        }
    }

    // The next value of AUTO_INCREMENT is data, not definition. Line breaks inside names and comments are shown escaped.
    internal static string Stable(string createSql) => NextValue().Replace(createSql, "$1", 1);

    [GeneratedRegex(@"^(\) .*?ENGINE=\w+) AUTO_INCREMENT=[0-9]+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NextValue();
}
