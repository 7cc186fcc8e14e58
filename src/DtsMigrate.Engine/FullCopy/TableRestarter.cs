using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// A table whose definition has changed under its copy is copied again, alone, from a new watermark (invariant I6). First it is taken back in the checkpoint, then the destination's
/// table is cleared: whatever is killed in between, the next run finds the mark and clears it again.
/// </summary>
internal sealed class TableRestarter : IDisposable
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);

    private readonly RunContext _context;
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Creates the restarter of a run.</summary>
    public TableRestarter(RunContext context) => _context = context;

    /// <summary>Takes a table back to Pending with the definition that it has now.</summary>
    /// <returns>False when another worker has done so already; null when the table is not part of the task any more.</returns>
    /// <exception cref="DtsMigrateException">Code <c>TableDefinitionChanged</c>: it does not exist any more, and no stream tells what has become of it.</exception>
    public async Task<bool?> RestartAsync(TableWork table, TableChangedException change, CopySessions sessions, CancellationToken cancellationToken)
    {
        if (_context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed)
        {
            // Rows that were there before the task cannot be told from copied ones, so that there is no clearing for a new attempt.
            throw change;
        }

        // Our own claim would keep the table's chunks from being removed.
        await sessions.ResetAsync().ConfigureAwait(false);
        if (!await WaitForFateAsync(table, sessions, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (table.Attempt != change.Attempt)
            {
                return false;
            }

            TableDefinition? now = null;
            await sessions.RunAsync(
                $"read the definition of {table}",
                async (_, token) => now = await SchemaReader.ReadTableAsync(await sessions.CatalogAsync(token).ConfigureAwait(false), table.Route.Source, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            if (now is null)
            {
                throw CopyFailure.Dropped(table.Route.Source, change);
            }

            bool isPart = true;
            await sessions.RunAsync(
                $"begin the copy of {table} again",
                async (_, token) => isPart = await _context.Store.RestartCopyAsync(table.Route.Number, change.Attempt + 1, now, token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            if (!isPart)
            {
                return null;
            }

            table.Restart(new TableRoute(table.Route.Number, now, table.Route.Destination));
            _context.Log.Write(LogLevel.Warning, "FullCopy", $"{change.Message} It is copied again from its beginning (attempt {table.Attempt}).");
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// A table that does not exist on the source any more was dropped or renamed: the stream comes to the statement and takes the table out of the task, or it comes back under its name.
    /// </summary>
    /// <returns>False when it was taken out.</returns>
    private async Task<bool> WaitForFateAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        while (_context.IsIncremental)
        {
            bool exists = false;
            bool isPart = true;
            await sessions.RunAsync(
                $"look for {table}",
                async (_, token) =>
                {
                    exists = await SchemaReader.ReadTableAsync(await sessions.CatalogAsync(token).ConfigureAwait(false), table.Route.Source, token).ConfigureAwait(false) is not null;
                    isPart = (await _context.Store.ReadTablesAsync(token).ConfigureAwait(false)).Single(t => t.Number == table.Route.Number).State != TableCopyState.Removed;
                },
                cancellationToken).ConfigureAwait(false);
            if (exists || !isPart)
            {
                return isPart;
            }

            await Task.Delay(LookPeriod, _context.Time, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Removes what an earlier attempt has left on the destination: the table itself where this task makes it, else its rows.</summary>
    public async Task ClearAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        // The stream may have taken the table out of the task and given its name to another one, which must not be cleared.
        await _context.Store.NameLock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if ((await _context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false)).Any(t => t.Number == table.Route.Number && t.State == TableCopyState.Removed))
            {
                throw new DtsMigrateException("TableRemoved", $"{table} is not part of the task any more.") { Target = table.ToString() };
            }

            await ClearUnderLockAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _context.Store.NameLock.Release();
        }
    }

    private async Task ClearUnderLockAsync(TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        var route = table.Route;
        if (_context.Task.MigrationTypes.HasFlag(MigrationTypes.Schema))
        {
            var session = await sessions.DestinationSchemaAsync(cancellationToken).ConfigureAwait(false);
            await _context.Store.AssertLeaseAsync(session, cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"DROP TABLE IF EXISTS {route.Destination.ToSql()}", cancellationToken).ConfigureAwait(false);
            await new SchemaMigrator(_context).CreateTablesAsync([route], cancellationToken).ConfigureAwait(false);
            return;
        }

        await TableEmptier.EmptyAsync(_context, route.Destination, await sessions.DestinationAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var there = await SchemaReader.ReadTableAsync(await sessions.DestinationCatalogAsync(cancellationToken).ConfigureAwait(false), route.Destination, cancellationToken).ConfigureAwait(false);
        var differences = there is null ? ["it does not exist"] : DestinationTableCheck.FindDifferences(route.Definition, there);
        if (differences.Count > 0)
        {
            throw new DtsMigrateException("DestinationTableDiffers", $"{route.Source} has a new definition, and {route.Destination} on the destination does not fit it: {string.Join("; ", differences)}.")
            {
                Target = route.Destination.ToString(),
                RecommendedAction = "Alter the destination's table in the same way, then resume the task.",
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();
}
