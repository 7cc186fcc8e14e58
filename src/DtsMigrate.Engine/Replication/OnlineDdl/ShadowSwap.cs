using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.OnlineDdl;

/// <summary>
/// The statement by which a tool swaps the names of a table and its shadow table. The destination's table gets what was done to the shadow table, and is then
/// compared with it: definition and every row. Where they differ, or cannot be compared, it is copied again.
/// </summary>
internal sealed class ShadowSwap(
    RunContext context, TableCatalog catalog, Gate gate, DdlSession session, DdlRunner runner, ShadowTables shadows, ShadowDdl ddl, IReadOnlyDictionary<int, string> collations)
{
    /// <summary>Carries the statement out.</summary>
    /// <returns>What it makes of the task; null when it is no such statement, or must be carried out name by name like any other.</returns>
    /// <exception cref="DtsMigrateException">
    /// Code <c>DdlNotExact</c>: the table must be copied again, which the task cannot do. <c>DdlFailed</c>: the destination has refused the change, likewise.
    /// </exception>
    public async Task<DdlChange?> ApplyAsync(DdlSource source, CancellationToken cancellationToken)
    {
        if (Find(source) is not (var table, var shadow))
        {
            return null;
        }

        if (await WhyNotAsync(table, shadow, cancellationToken).ConfigureAwait(false) is { } hindrance)
        {
            context.Log.Write(LogLevel.Info, "Incremental", $"An online DDL tool has changed {table.Name}, which is copied again, for {hindrance}.");
            return null;
        }

        string? refused = null;
        var destination = table.Route.Destination;
        var statements = shadow.Statements.Select(s => Parse(s, source)).ToList();
        var result = await runner.RunAsync(
            new DdlJob
            {
                Position = source.Position,
                Kind = source.Statement.Kind,
                Statement = source.Text,
                Query = source.Query,
                Objects = string.Join(", ", source.Statement.Renames.Select(r => $"{r.From.Name} TO {r.To.Name}")),
                Executed = string.Join("; ", statements.Select(s => s.Text)),
                Tables = [destination],
                RunAsync = async (_, token) => refused = await AlterAsync(statements, shadow.Name, destination, token).ConfigureAwait(false),
                WasRunAsync = async (_, token) => IsLike((await runner.ReadAsync([destination], token).ConfigureAwait(false))[destination], shadow),
            },
            cancellationToken).ConfigureAwait(false);
        var change = new DdlChange(context, catalog, gate);
        change.End(result.Id, result.Outcome, result.Error);
        if (result.Before[destination] is not { } before || result.After[destination] is not { } after)
        {
            throw ReplicationErrors.DdlNotExact(table.Name.ToString(), source.Text, source.Query.End, $"{destination} is not on the destination");
        }

        if (result.Outcome == DdlOutcome.Skipped)
        {
            // As the task asks; what was made by hand instead counts.
            change.Track(table.Route with { Definition = DefinitionMerge.After(table.Name, after, catalog.ToSource) });
            return change;
        }

        if (before.CreateSql != after.CreateSql)
        {
            change.Track(table.Route with { Definition = DefinitionMerge.Apply(table.Route.Definition, before, after, catalog.ToSource) });
        }

        string? difference = refused is not null ? $"the destination has refused the change ({refused})"
            : !IsLike(after, shadow) ? "the shadow table was given another definition than its statements make of the table"
            : await DifferenceAsync(after, shadow, cancellationToken).ConfigureAwait(false);
        if (difference is null)
        {
            context.Log.Write(
                LogLevel.Info, "Incremental", $"{destination} was altered as an online DDL tool has altered {table.Name}; its {shadow.Sum.Rows} rows are the shadow table's.");
        }
        else if (context.CanCopyAgain)
        {
            context.Log.Write(LogLevel.Info, "Incremental", $"{table.Name} is copied again after an online DDL tool has changed it, for {difference}.");
            change.Recopy(table);
        }
        else
        {
            throw ReplicationErrors.DdlNotExact(table.Name.ToString(), source.Text, source.Query.End, $"{difference}; the table must be copied again, which this task cannot do");
        }

        return change;
    }

    // RENAME TABLE t TO trash, shadow TO t.
    private (TablePlan Table, ShadowTable Shadow)? Find(DdlSource source)
    {
        var statement = source.Statement;
        return statement.Kind == DdlKind.RenameTable && statement.Renames is [var away, var back] && shadows.TryFind(back.From.Name, out var shadow)
            && catalog.TryFind(away.From.Name.Database, away.From.Name.Name, out var table)
            && catalog.TryFind(back.To.Name.Database, back.To.Name.Name, out var same) && table == same
            && !catalog.Selects(away.To.Name) && source.StageOf(gate, table.Number) == TableStage.Complete
            ? (table, shadow)
            : null;
    }

    private async Task<string?> WhyNotAsync(TablePlan table, ShadowTable shadow, CancellationToken cancellationToken)
    {
        var operations = catalog.Selection.OperationsOf(table.Name);
        if (shadow.Reason is not null)
        {
            return shadow.Reason;
        }

        // A foreign key stays with the table that is put away, or is made anew under another name, as the tool was told.
        if (table.ForeignKeys.Count > 0 || catalog.All.Any(t => t.ForeignKeys.Any(k => catalog.TryFind(k.Parent.Database, k.Parent.Name, out var parent) && parent == table)))
        {
            return "foreign keys belong to it";
        }

        if (table.IsSelective || !operations.Has(DdlKind.AlterTable) || !operations.Has(DdlKind.RenameTable))
        {
            return "not all kinds of changes are selected for it";
        }

        var reader = await context.Destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var scope = reader.ConfigureAwait(false);
        var destination = table.Route.Destination;
        var triggers = await reader.QueryRowsAsync(
            $"SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA={SqlText.Literal(destination.Database)} AND EVENT_OBJECT_TABLE={SqlText.Literal(destination.Name)}",
            cancellationToken).ConfigureAwait(false);
        return triggers[0].GetInt64(0) > 0 ? "its triggers stay with the table that is put away" : null;
    }

    // What the destination refuses it may still get by a copy.
    private async Task<string?> AlterAsync(IReadOnlyList<DdlSource> statements, QualifiedName shadow, QualifiedName destination, CancellationToken cancellationToken)
    {
        try
        {
            await session.EnsureAloneAsync(cancellationToken).ConfigureAwait(false);
            foreach (var statement in statements)
            {
                await ddl.RunOnAsync(statement, shadow, destination, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        catch (MySqlServerException refusal) when (context.CanCopyAgain && FaultClassifier.Classify(refusal) == FaultClass.Stop)
        {
            return refusal.ServerMessage;
        }
    }

    private DdlSource Parse(ShadowStatement kept, DdlSource swap)
    {
        var query = kept.ToEvent();
        string text = StatementText.Decode(query, collations) ?? throw ReplicationErrors.UnknownStatement(query.Sql, query.End);
        var statement = DdlParser.Parse(text, query.Database, SqlModeBits.Syntax(query.Context.SqlMode ?? 0)) ?? throw ReplicationErrors.UnknownStatement(text, query.End);
        statement.MapNames(catalog.Selection.OnSource);
        return swap with { Statement = statement, Text = text, Query = query };
    }

    // Names that the server makes for check constraints begin with the table's.
    private static bool IsLike(TableDefinition? table, ShadowTable shadow) =>
        table is not null
        && DefinitionGuard.Stable(table.CreateSql) == DefinitionGuard.Stable(shadow.Definition.CreateSql.Replace('`' + shadow.Model.Name, SqlText.Name(table.Name.Name)[..^1], StringComparison.Ordinal));

    private async Task<string?> DifferenceAsync(TableDefinition table, ShadowTable shadow, CancellationToken cancellationToken) =>
        await TableSum.ReadAsync(context, table, cancellationToken).ConfigureAwait(false) switch
        {
            null => "a JSON document holds values whose types its text does not tell",
            { } sum when sum.Rows != shadow.Sum.Rows => $"the tool has left {shadow.Sum.Rows} rows in it, and the same change {sum.Rows}",
            { } sum when sum != shadow.Sum => "the tool has given rows other values than the same change does",
            _ => null,
        };
}
