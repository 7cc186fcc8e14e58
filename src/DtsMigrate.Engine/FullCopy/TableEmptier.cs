using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Removes the rows of a destination table in small transactions, each under the lease. Not TRUNCATE: that is DDL, and could not be fenced.</summary>
internal static class TableEmptier
{
    private const int DeleteRows = 10_000;

    /// <summary>
    /// A table without a key that was never begun must be empty: its rows are somebody else's, and could not be told from ours later.
    /// </summary>
    /// <exception cref="DtsMigrateException">Code <c>DestinationNotEmpty</c>.</exception>
    public static async Task RequireEmptyAsync(QualifiedName table, MySqlSession destination, CancellationToken cancellationToken)
    {
        var rows = await destination.QueryRowsAsync($"SELECT 1 FROM {table.ToSql()} LIMIT 1", cancellationToken).ConfigureAwait(false);
        if (rows.Count > 0)
        {
            throw new DtsMigrateException("DestinationNotEmpty", $"Table {table} is read in one go, for it has no key or the source does not log what cascades to it, and is not empty on the destination: rows that are there cannot be told from rows that are copied.")
            {
                Target = table.ToString(),
                RecommendedAction = "Empty it.",
            };
        }
    }

    /// <summary>Deletes until nothing is left. May be called again.</summary>
    public static async Task EmptyAsync(RunContext context, QualifiedName table, MySqlSession destination, CancellationToken cancellationToken)
    {
        StatementResult deleted;
        do
        {
            await destination.ExecuteAsync("START TRANSACTION", cancellationToken).ConfigureAwait(false);
            deleted = await destination.ExecuteAsync($"DELETE FROM {table.ToSql()} LIMIT {DeleteRows}", cancellationToken).ConfigureAwait(false);
            await context.Store.AssertLeaseAsync(destination, cancellationToken).ConfigureAwait(false);
            await destination.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
        }
        while (deleted.AffectedRows > 0);
    }
}
