using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>What is said of a table that could not be copied.</summary>
internal static class CopyFailure
{
    /// <summary>Finds out whether a failure comes from a change of the table's definition, and gives a server's bare error the table's name. Returns where the failure speaks for itself.</summary>
    /// <param name="table">Table.</param>
    /// <param name="attempt">The attempt that has failed.</param>
    /// <param name="sessions">The caller's; they are reset, for one may be in the middle of a result, or of a transaction that nobody will end.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TableChangedException">It does.</exception>
    /// <exception cref="DtsMigrateException">Code <c>CopyFailed</c>: a server's error.</exception>
    public static async Task ExplainAsync(TableWork table, int attempt, CopySessions sessions, Exception failure, CancellationToken cancellationToken)
    {
        await sessions.ResetAsync().ConfigureAwait(false);
        await sessions.ReleaseSourceAsync(cancellationToken).ConfigureAwait(false);
        await sessions.RunAsync($"compare the definition of {table}", (_, token) => DefinitionGuard.ExplainAsync(table, attempt, sessions, failure, token), cancellationToken).ConfigureAwait(false);
        if (failure is MySqlServerException server)
        {
            throw new DtsMigrateException("CopyFailed", $"Copying {table} to {table.Route.Destination} failed: {failure.Message}", failure) { Target = table.ToString(), IsTransient = server.IsTransient };
        }
    }

    /// <summary>The table is not on the source any more.</summary>
    public static DtsMigrateException Dropped(QualifiedName table, Exception? inner = null) =>
        new("TableDefinitionChanged", $"Table {table} was dropped or renamed on the source while it was being copied.", inner)
        {
            Target = table.ToString(),
            RecommendedAction = "Start a new task without it, or under its new name.",
        };
}
