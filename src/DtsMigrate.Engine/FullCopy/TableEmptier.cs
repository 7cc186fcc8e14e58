using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Removes the rows of a destination table in small transactions, each under the lease. Not TRUNCATE: that is DDL, and could not be fenced.</summary>
internal static class TableEmptier
{
    private const int DeleteRows = 10_000;

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
