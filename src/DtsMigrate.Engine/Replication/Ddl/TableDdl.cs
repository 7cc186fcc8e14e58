using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Statements that create tables or change them under their names.</summary>
internal sealed class TableDdl(RunContext context, TableCatalog catalog, Gate gate, DdlSession session, DdlRunner runner, DdlTexts texts, HeldTables held)
{
    internal const int NotSupported = 1845;
    internal const int NotSupportedBecause = 1846;

    /// <summary>CREATE TABLE.</summary>
    public async Task<DdlChange?> CreateAsync(DdlSource source, CancellationToken cancellationToken)
    {
        var statement = source.Statement;
        var name = statement.Targets[0].Name;
        if (!catalog.Selects(name) || catalog.TryFind(name.Database, name.Name, out _))
        {
            // Of the task already: created after it by the plan, or IF NOT EXISTS.
            return null;
        }

        if (!catalog.Selection.OperationsOf(name).Has(statement.Kind))
        {
            var filtered = new DdlChange(context, catalog, gate);
            filtered.Filter(source, name.ToString());
            return filtered;
        }

        var destination = catalog.Selection.Map(name);
        int number = NextNumber(source.Records);
        if (statement.Model is { } model && !(catalog.TryFind(model.Name.Database, model.Name.Name, out var known) && source.StageOf(gate, known.Number) == TableStage.Complete))
        {
            // The model is not on the destination as it was then: the table is made by its definition on the source.
            RequireCopy(name.ToString(), source);
            var copied = new DdlChange(context, catalog, gate);
            copied.AddPending(number, name, destination);
            return copied;
        }

        // What stayed because DROP is not selected is not ours to drop: then the name is taken.
        bool isLeftover = catalog.Selection.OperationsOf(name).Has(DdlKind.DropTable) && source.Records.Any(r => r.State == TableCopyState.Removed && r.Destination == destination) && catalog.All.All(t => t.Route.Destination != destination);
        if (isLeftover && await context.Store.Ddl.FindAsync(source.Position, name.ToString(), cancellationToken).ConfigureAwait(false) is null)
        {
            await session.ExecuteAsync($"DROP TABLE IF EXISTS {destination.ToSql()}", cancellationToken).ConfigureAwait(false);
        }

        string text = texts.Rewrite(statement);
        var result = await runner.RunAsync(
            new DdlJob
            {
                Position = source.Position,
                Kind = statement.Kind,
                Statement = source.Text,
                Query = source.Query,
                Objects = name.ToString(),
                Executed = text,
                Tables = [destination],
                RunAsync = async (_, token) =>
                {
                    await RequireAbsentAsync(destination, token).ConfigureAwait(false);
                    await RequireParentsAsync(source, token).ConfigureAwait(false);
                    await texts.RunAsync(session, source, text, token).ConfigureAwait(false);
                },
            },
            cancellationToken).ConfigureAwait(false);
        var change = new DdlChange(context, catalog, gate);
        change.End(result.Id, result.Outcome, result.Error);
        if (result.After[destination] is { } created && (result.Outcome == DdlOutcome.Done || result.Before[destination] is null))
        {
            change.AddLive(new TableRoute(number, DefinitionMerge.After(name, created, Namer(name, destination)), destination));
        }

        return change;
    }

    /// <summary>ALTER TABLE that keeps the name, TRUNCATE, CREATE INDEX, DROP INDEX.</summary>
    /// <param name="source">Statement.</param>
    /// <param name="isOver">The stream has gone back to before its furthest place: only tables that catch up are concerned.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DdlChange?> AlterAsync(DdlSource source, bool isOver, CancellationToken cancellationToken)
    {
        var statement = source.Statement;
        var tables = new List<TablePlan>();
        foreach (var target in statement.Targets)
        {
            if (catalog.TryFind(target.Name.Database, target.Name.Name, out var table))
            {
                if (source.StageOf(gate, table.Number) == TableStage.Complete)
                {
                    tables.Add(table);
                }
            }
            else if (catalog.Selects(target.Name) && !catalog.MayBeLeftOut(target.Name) && !isOver && !gate.IsBeforePlan(source.Gtid, source.Query.End) && context.Task.Options.DdlFailure != DdlFailurePolicy.Skip)
            {
                throw ReplicationErrors.UnplannedTable(target.Name, source.Query.End);
            }
        }

        if (tables.Count == 0)
        {
            return null;
        }

        var change = new DdlChange(context, catalog, gate);
        if (!catalog.Selection.OperationsOf(tables[0].Name).Has(statement.Kind))
        {
            await FilterAsync(source, tables, change, cancellationToken).ConfigureAwait(false);
            return change;
        }

        if (statement.IsNotRun || (statement.Swaps && tables.Count < statement.Targets.Count))
        {
            // What rows the table has now cannot be told from the destination's other tables.
            if (statement.NeedsCopy || statement.Swaps)
            {
                tables.ForEach(t => Recopy(change, t, source));
            }

            return change;
        }

        await RunAsync(source, tables, change, cancellationToken).ConfigureAwait(false);
        return change;
    }

    // Whoever leaves a change out may have made it by hand already.
    private async Task FilterAsync(DdlSource source, List<TablePlan> tables, DdlChange change, CancellationToken cancellationToken)
    {
        var there = await runner.ReadAsync([.. tables.Select(t => t.Route.Destination)], cancellationToken).ConfigureAwait(false);
        foreach (var table in tables)
        {
            if (there[table.Route.Destination] is { } now && AlterShape.Changes(source.Statement) && table.Route.Definition.Columns.SequenceEqual(now.Columns))
            {
                change.Hold(held, source, table, FullCopy.DefinitionGuard.Stable(now.CreateSql));
                continue;
            }

            change.Filter(source, table.Name.ToString());
            TakeOver(change, table, there[table.Route.Destination]);
        }
    }

    private void TakeOver(DdlChange change, TablePlan table, TableDefinition? now)
    {
        if (now is not null && !table.Route.Definition.Columns.SequenceEqual(now.Columns))
        {
            change.Track(table.Route with { Definition = DefinitionMerge.After(table.Name, now, catalog.ToSource) });
        }
    }

    private async Task RunAsync(DdlSource source, List<TablePlan> tables, DdlChange change, CancellationToken cancellationToken)
    {
        var statement = source.Statement;
        string text = texts.Rewrite(statement);
        var result = await runner.RunAsync(
            new DdlJob
            {
                Position = source.Position,
                Kind = statement.Kind,
                Statement = source.Text,
                Query = source.Query,
                Objects = string.Join(", ", tables.Select(t => t.Name)),
                Executed = text,
                Tables = [.. tables.Select(t => t.Route.Destination)],
                RunAsync = (_, token) => ExecuteAsync(source, tables, text, token),
            },
            cancellationToken).ConfigureAwait(false);
        change.End(result.Id, result.Outcome, result.Error);
        foreach (var table in tables)
        {
            var before = result.Before[table.Route.Destination];
            var after = result.After[table.Route.Destination];
            if (result.Outcome == DdlOutcome.Skipped)
            {
                // What was made by hand instead counts; the binary log will tell whether it fits.
                TakeOver(change, table, after);
            }
            else if (before is not null && after is not null && before.CreateSql != after.CreateSql)
            {
                change.Track(table.Route with { Definition = DefinitionMerge.Apply(table.Route.Definition, before, after, catalog.ToSource) });
            }

            if (result.Outcome == DdlOutcome.Done)
            {
                RenameInChildren(change, table, ColumnPlaces.Renames(statement));
            }

            bool numbersRows = statement.AddsAutoIncrement && table.Key is null;
            if (result.Outcome == DdlOutcome.Done && (statement.NeedsCopy || numbersRows || (statement.Swaps && result.IsUncertain)))
            {
                Recopy(change, table, source);
            }
        }
    }

    // Foreign keys follow the columns that they refer to.
    private void RenameInChildren(DdlChange change, TablePlan parent, IReadOnlyDictionary<string, string> renamed)
    {
        foreach (var child in catalog.All.Where(t => t != parent))
        {
            if (DefinitionMerge.RenameParentColumns(child.Route.Definition, parent.Name, renamed) is { } definition)
            {
                change.Track(child.Route with { Definition = definition });
            }
        }
    }

    private async Task ExecuteAsync(DdlSource source, List<TablePlan> tables, string text, CancellationToken cancellationToken)
    {
        if (source.Statement.Kind == DdlKind.AlterTable && context.Task.MigrationTypes.HasFlag(MigrationTypes.Schema))
        {
            // Foreign keys follow after the copy. A statement that changes or drops one must find it.
            await new ForeignKeyCreator(context).CreateAsync([.. tables.Select(t => t.Route)], [.. catalog.All.Select(t => t.Route)], static () => { }, cancellationToken).ConfigureAwait(false);
        }

        await RequireParentsAsync(source, cancellationToken).ConfigureAwait(false);
        try
        {
            await texts.RunAsync(session, source, text, cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException failure) when (failure.Errno is NotSupported or NotSupportedBecause && source.Statement.Hints.Count > 0)
        {
            // How a server goes about a change is its own affair.
            await texts.RunAsync(session, source, texts.Rewrite(source.Statement, withoutHints: true), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Recopy(DdlChange change, TablePlan table, DdlSource source)
    {
        RequireCopy(table.Name.ToString(), source);
        change.Recopy(table);
    }

    private void RequireCopy(string table, DdlSource source)
    {
        if (!context.CanCopyAgain)
        {
            throw ReplicationErrors.DdlNotExact(table, source.Text, source.Query.End, "the table must be copied again, which this task cannot do");
        }
    }

    private async Task RequireAbsentAsync(QualifiedName destination, CancellationToken cancellationToken)
    {
        // IF NOT EXISTS would take somebody else's table, with its rows, for the one that is empty on the source.
        if (await session.ExistsAsync(destination, cancellationToken).ConfigureAwait(false))
        {
            throw new DtsMigrateException("DestinationTableDiffers", $"{destination} exists on the destination already, and the source has just created it.") { Target = destination.ToString() };
        }
    }

    // Checks are off, so that a table whose parent is still being copied can be altered; but a parent that does not exist would refuse every later write.
    private async Task RequireParentsAsync(DdlSource source, CancellationToken cancellationToken)
    {
        foreach (var parent in source.IgnoresForeignKeys ? [] : source.Statement.Mentions)
        {
            var there = catalog.ToDestination(parent.Name);
            if (!source.Statement.Targets.Any(t => t.Name == parent.Name) && !await session.ExistsAsync(there, cancellationToken).ConfigureAwait(false))
            {
                // One that was brought in, by an online DDL tool for example, is made when its copy begins.
                bool isToCome = catalog.TryFind(parent.Name.Database, parent.Name.Name, out var plan)
                    && gate.StateOf(plan.Number) is TableCopyState.Pending or TableCopyState.Copying;
                string yet = isToCome ? " yet: its copy is to begin" : string.Empty;
                throw new DtsMigrateException("ForeignKeyParentMissing", $"A foreign key refers to {parent.Name}, and the destination has no {there}{yet}.")
                {
                    IsTransient = isToCome,
                    Target = parent.Name.ToString(),
                };
            }
        }
    }

    private Func<QualifiedName, QualifiedName> Namer(QualifiedName name, QualifiedName destination) => n => n == destination ? name : catalog.ToSource(n);

    /// <summary>The next table's number.</summary>
    public static int NextNumber(IReadOnlyList<TableCopyRecord> records) => records.Count == 0 ? 1 : records.Max(r => r.Number) + 1;
}
