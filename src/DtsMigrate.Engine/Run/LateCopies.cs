using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.Run;

/// <summary>
/// After the full copy: copies the tables that DDL leaves to be copied, beside the stream. They came into the selection by a RENAME, or a statement has given them rows that its text does not
/// determine.
/// </summary>
internal sealed class LateCopies(RunContext context, SourcePositionReader positions, Replicator replicator)
{
    /// <summary>For tests: sizes of the copy.</summary>
    public CopyTuning? Tuning { get; init; }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var routes = await PrepareAsync(cancellationToken).ConfigureAwait(false);
            if (routes.Count > 0)
            {
                var copier = Tuning is null ? new FullCopier(context, positions, replicator.TableCopied) : new FullCopier(context, positions, replicator.TableCopied, Tuning);
                await copier.RunAsync(routes, cancellationToken).ConfigureAwait(false);
                await AddForeignKeysAsync([.. routes.Select(r => r.Number)], cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await replicator.WaitCopyNeededAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // A table is created without them.
    private async Task AddForeignKeysAsync(HashSet<int> copied, CancellationToken cancellationToken)
    {
        if (!context.Task.MigrationTypes.HasFlag(MigrationTypes.Schema))
        {
            return;
        }

        await context.Retry.RunAsync(
            "add the foreign keys of copied tables",
            async (scope, token) =>
            {
                var tracked = await context.Store.Definitions.ReadAllAsync(token).ConfigureAwait(false);
                var tables = await context.Store.ReadTablesAsync(token).ConfigureAwait(false);
                List<TableRoute> all = [.. tables.Where(t => t.State is not (TableCopyState.Removed or TableCopyState.Stopped) && tracked.ContainsKey(t.Number)).Select(t => new TableRoute(t.Number, tracked[t.Number], t.Destination))];
                await new ForeignKeyCreator(context).CreateAsync([.. all.Where(r => copied.Contains(r.Number))], all, scope.ReportProgress, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    // A table that has gone again is left: the stream will meet the statement that took it.
    private async Task<IReadOnlyList<TableRoute>> PrepareAsync(CancellationToken cancellationToken)
    {
        var routes = new List<TableRoute>();
        await context.Retry.RunAsync(
            "read the tables to be copied",
            async (_, token) =>
            {
                routes.Clear();

                // The tables first: one that DDL adds in between comes with its definition, in one transaction.
                var tables = await context.Store.ReadTablesAsync(token).ConfigureAwait(false);
                var tracked = await context.Store.Definitions.ReadAllAsync(token).ConfigureAwait(false);
                var source = await context.Source.OpenAsync(SessionPurpose.Metadata, token).ConfigureAwait(false);
                await using var scope = source.ConfigureAwait(false);
                foreach (var table in tables.Where(t => t.State is TableCopyState.Pending or TableCopyState.Copying))
                {
                    var definition = tracked[table.Number];
                    if (table.State == TableCopyState.Pending && await SchemaReader.ReadTableAsync(source, table.Source, token).ConfigureAwait(false) is { } now && now.CreateSql != definition.CreateSql)
                    {
                        if (!await context.Store.RestartCopyAsync(table.Number, table.Attempt + 1, now, token).ConfigureAwait(false))
                        {
                            continue;
                        }

                        definition = now;
                    }

                    routes.Add(new TableRoute(table.Number, definition, table.Destination));
                }
            },
            cancellationToken).ConfigureAwait(false);
        return routes;
    }
}
