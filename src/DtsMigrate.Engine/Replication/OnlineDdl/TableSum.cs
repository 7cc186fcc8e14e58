using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Replication.OnlineDdl;

/// <summary>Sums a table of the destination up, reading it once from beginning to end.</summary>
internal static class TableSum
{
    /// <summary>Reads the table.</summary>
    /// <param name="context">The run.</param>
    /// <param name="definition">The table on the destination.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The sum; null when a JSON document holds values whose types its text does not tell.</returns>
    public static async Task<RowSum?> ReadAsync(RunContext context, TableDefinition definition, CancellationToken cancellationToken)
    {
        var session = await context.Destination.OpenAsync(SessionPurpose.ReadRows, cancellationToken).ConfigureAwait(false);
        await using var scope = session.ConfigureAwait(false);
        using var hasher = new RowHasher(definition);
        var rows = await session.QueryAsync(hasher.Select(definition.Name, session.ServerVersion), cancellationToken).ConfigureAwait(false);
        await using var rowsScope = rows.ConfigureAwait(false);
        RowSum? sum = new RowSum();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // Read to the end all the same: a result that is left cuts its session.
            sum = hasher.TryHash(rows.Fields, out var hash) ? sum?.Plus(hash) : null;
        }

        return sum;
    }
}
