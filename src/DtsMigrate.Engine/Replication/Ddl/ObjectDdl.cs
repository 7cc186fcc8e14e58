using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Databases, views, routines, events, libraries; and triggers, which are put off to the cutover with triggerMethod Manual.</summary>
internal sealed class ObjectDdl(RunContext context, TableCatalog catalog, Gate gate, DdlSession session, DdlRunner runner, DdlTexts texts)
{
    private const int DatabaseExists = 1007;

    // What is to be dropped is not there: view, routine, trigger, event.
    private static readonly int[] NotThere = [1051, 1305, 1360, 1539];

    /// <summary>Carries a statement out.</summary>
    public async Task<DdlChange?> ApplyAsync(DdlSource source, CancellationToken cancellationToken)
    {
        var statement = source.Statement;
        string objects = statement.DatabaseToken >= 0 ? statement.Tokens.Name(statement.DatabaseToken) : string.Join(", ", statement.Targets.Select(t => t.Name));
        if (statement.DatabaseToken >= 0 ? !catalog.SelectsDatabase(objects) : !statement.Targets.Any(t => catalog.Selection.SelectsWholeDatabase(t.Name.Database)))
        {
            return null;
        }

        if (statement.Kind is DdlKind.CreateTrigger or DdlKind.DropTrigger && catalog.Selection.OnlineDdl.IsTrigger(statement.Targets[0].Name.Name))
        {
            // Writes into a shadow table, which the destination does not have.
            return null;
        }

        var change = new DdlChange(context, catalog, gate);
        if (!catalog.Selection.OperationsOf(statement.DatabaseToken >= 0 ? objects : statement.Targets[0].Name.Database).Has(statement.Kind))
        {
            change.Filter(source, objects);
            return change;
        }

        if (IsDeferred(statement))
        {
            change.Log(new DdlRecord
            {
                Id = 0,
                Position = source.Position,
                Kind = statement.Kind.ToString(),
                DefaultDatabase = source.Query.Database,
                Statement = source.Text,
                Objects = objects,
                Outcome = DdlOutcome.Deferred,
                Error = "Triggers must not fire on the destination while its rows come from the source.",
                BegunAt = default,
            });
            return change;
        }

        string text = texts.RewriteObject(source);
        var result = await runner.RunAsync(
            new DdlJob
            {
                Position = source.Position,
                Kind = statement.Kind,
                Statement = source.Text,
                Query = source.Query,
                Objects = objects,
                Executed = text,
                RunAsync = (_, token) => ExecuteAsync(source, text, token),
                WasRunAsync = static (_, _) => Task.FromResult(false),
                Harmless = statement.Kind == DdlKind.CreateDatabase ? [DatabaseExists] : statement.Kind.ToString().StartsWith("Drop", StringComparison.Ordinal) ? NotThere : [],
            },
            cancellationToken).ConfigureAwait(false);
        change.End(result.Id, result.Outcome, result.Error);
        return change;
    }

    // With triggerMethod Manual they are made at the end; and the guarded form does not say which trigger a trigger follows.
    private bool IsDeferred(DdlStatement statement) => statement.Kind switch
    {
        DdlKind.CreateTrigger => context.Task.Options.TriggerMethod == TriggerMethod.Manual || Enumerable.Range(0, statement.Tokens.Count).Any(i => statement.Tokens.IsAnyWord(i, "FOLLOWS", "PRECEDES")) || IsOnTemporary(statement),
        DdlKind.DropTrigger => context.Task.Options.TriggerMethod == TriggerMethod.Manual,
        _ => false,
    };

    // A tool gives its shadow table the triggers of the table whose place it takes.
    private bool IsOnTemporary(DdlStatement statement)
    {
        var cursor = new TokenCursor(statement.Tokens, statement.Targets[0].Name.Database, statement.Targets[0].Place.Name + 1);
        return cursor.SeekPast("ON") && cursor.TakeTable() is { } table && catalog.Selection.IsTemporary(table);
    }

    // Each of them may be run twice: what is created again is dropped before.
    private async Task ExecuteAsync(DdlSource source, string text, CancellationToken cancellationToken)
    {
        var statement = source.Statement;
        if (!statement.IfNotExists && statement.Kind is DdlKind.CreateProcedure or DdlKind.CreateFunction or DdlKind.CreateTrigger or DdlKind.CreateEvent or DdlKind.CreateLibrary)
        {
            var name = statement.Targets[0].Name;
            string kind = statement.Kind.ToString()["Create".Length..].ToUpperInvariant();
            await session.ExecuteAsync($"DROP {kind} IF EXISTS {(name with { Database = catalog.Selection.MapDatabase(name.Database) }).ToSql()}", cancellationToken).ConfigureAwait(false);
        }

        await texts.RunAsync(session, source, text, cancellationToken).ConfigureAwait(false);
    }
}
