using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Generated;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Makes the statements of a table from its definitions on both sides.</summary>
internal static class TablePreparation
{
    /// <summary>
    /// Sets the statements of tables whose copy has not begun, their definitions compared in one round trip. Those that have changed, or cannot be copied as they are, are left out: whoever
    /// prepares them alone learns why.
    /// </summary>
    /// <returns>The tables that are ready.</returns>
    public static async Task<IReadOnlyList<TableWork>> PrepareAsync(
        RunContext context, IReadOnlyList<TableWork> tables, DestinationShapes shapes, CopySessions sessions, CancellationToken cancellationToken)
    {
        var ready = new List<TableWork>(tables.Count);
        foreach (var (table, _) in await DefinitionGuard.FindUnchangedAsync(tables, sessions, cancellationToken).ConfigureAwait(false))
        {
            var catalog = await sessions.DestinationCatalogAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await SetStatementsAsync(context, table, shapes, catalog, cancellationToken).ConfigureAwait(false);
                ready.Add(table);
            }
            catch (DtsMigrateException e) when (!e.IsTransient && e is not MySqlServerException)
            {
                // Prepared alone, the table meets the same and is named with it; the others need not wait for that.
                table.Statements = null;
            }
        }

        return ready;
    }

    /// <summary>Compares the definition with the tracked one and sets the statements.</summary>
    /// <exception cref="TableChangedException">The source's definition has changed.</exception>
    /// <exception cref="DtsMigrateException">Codes <c>DestinationTableMissing</c>, <c>DestinationTableDiffers</c>, <c>JsonTypesNotCarried</c>, <c>GeneratedColumnNotExact</c>.</exception>
    public static async Task PrepareAsync(RunContext context, TableWork table, DestinationShapes shapes, CopySessions sessions, CancellationToken cancellationToken)
    {
        await DefinitionGuard.CheckAsync(table, sessions, cancellationToken).ConfigureAwait(false);
        await CheckPartitionsAsync(context, table, sessions, cancellationToken).ConfigureAwait(false);
        await SetStatementsAsync(context, table, shapes, await sessions.DestinationCatalogAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private static async Task SetStatementsAsync(RunContext context, TableWork table, DestinationShapes shapes, CatalogReader catalog, CancellationToken cancellationToken)
    {
        var there = await shapes.FindAsync(table.Route.Destination, asItWas: table.Attempt == 1, catalog, cancellationToken).ConfigureAwait(false)
            ?? throw new DtsMigrateException("DestinationTableMissing", $"Table {table.Route.Destination} does not exist on the destination.")
            {
                Target = table.Route.Destination.ToString(),
                RecommendedAction = "Create it, or include Schema in migrationTypes.",
            };

        GeneratedValueGuard.Require(context, table.Route.Definition);

        // A key with NULLs identifies no row, but all that are read from one snapshot can be cut by it.
        table.Statements = CopyStatements.Create(
            table.Route,
            there,
            context.SourceFacts.Version,
            context.DestinationFacts.Version,
            keepsExisting: context.Task.ConflictMode == ConflictMode.IgnoreErrorsAndProceed,
            allowNullable: !context.IsIncremental);
    }

    /// <summary>
    /// A table that was begun earlier, by this worker's run before or by another worker: a recorded chunk must not be copied if its partition holds other rows now. Text and columns may
    /// be what this run has read and still differ from what the chunks were cut by.
    /// </summary>
    private static async Task CheckPartitionsAsync(RunContext context, TableWork table, CopySessions sessions, CancellationToken cancellationToken)
    {
        int attempt = table.Attempt;
        if (table.State != TableCopyState.Copying || !PartitionLayout.IsPartitioned(table.Route.Definition))
        {
            return;
        }

        var chunks = await context.Store.Chunks.ReadAsync(table.Route.Number, cancellationToken).ConfigureAwait(false);
        var layout = await PartitionLayout.ReadAsync(await sessions.MetadataAsync(cancellationToken).ConfigureAwait(false), table.Route.Definition, cancellationToken).ConfigureAwait(false);
        try
        {
            layout.Check(chunks.Select(c => c.Scope));
        }
        catch (DtsMigrateException e) when (e.Code == "TableDefinitionChanged")
        {
            throw new TableChangedException(table, attempt, "got other partitions", e);
        }
    }
}
