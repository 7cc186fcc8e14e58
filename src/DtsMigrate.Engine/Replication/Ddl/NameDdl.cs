using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Statements that take names away or give new ones: DROP TABLE, RENAME TABLE, ALTER TABLE ... RENAME, DROP DATABASE.</summary>
internal sealed class NameDdl(RunContext context, TableCatalog catalog, Gate gate, DdlSession session, DdlRunner runner, DdlTexts texts)
{
    private const int MostTries = 20;

    /// <summary>Carries a statement out.</summary>
    public async Task<DdlChange?> ApplyAsync(DdlSource source, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            var plan = Plan(source);
            if (plan.IsEmpty)
            {
                return null;
            }

            RequireCopy(plan, source);
            bool taken = await TakeAsync(plan, cancellationToken).ConfigureAwait(false);

            if (taken)
            {
                return await RunAsync(source, plan, cancellationToken).ConfigureAwait(false);
            }

            // A copy has begun meanwhile, perhaps after the statement.
            if (tries == MostTries)
            {
                throw new DtsMigrateException("DdlContended", $"Tables that a statement names keep changing their state: {source.Text}") { IsTransient = true };
            }

            source = source with { Records = await context.Store.ReadTablesAsync(cancellationToken).ConfigureAwait(false) };
            gate.Refresh(source.Records);
            foreach (var gone in source.Records.Where(r => r.State == TableCopyState.Removed))
            {
                catalog.Remove(gone.Number);
            }
        }
    }

    /// <summary>A name of a statement as the source keeps it.</summary>
    public QualifiedName OnSource(QualifiedName name) => catalog.Selection.OnSource(name);

    private async Task<bool> TakeAsync(NamePlan plan, CancellationToken cancellationToken)
    {
        await context.Store.NameLock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool taken = true;
            foreach (var record in plan.Abandoned)
            {
                taken &= await context.Store.Changes.TryRemoveAsync(record, cancellationToken).ConfigureAwait(false);
            }

            return taken;
        }
        finally
        {
            context.Store.NameLock.Release();
        }
    }

    private NamePlan Plan(DdlSource source)
    {
        var statement = source.Statement;
        var plan = new NamePlan(catalog, source.Records, table => source.StageOf(gate, table.Number));
        if (statement.Kind == DdlKind.DropDatabase)
        {
            string database = statement.Tokens.Name(statement.DatabaseToken);
            foreach (var table in catalog.InDatabase(database).ToList())
            {
                if (catalog.Selection.OperationsOf(database).Has(statement.Kind))
                {
                    plan.Drop(table.Name);
                }
                else
                {
                    plan.Detach(table.Name);
                }
            }
        }
        else if (statement.Kind == DdlKind.DropTable)
        {
            statement.Targets.ForEach(t => Take(t.Name, plan.Drop));
        }
        else
        {
            statement.Renames.ForEach(r => Take(r.From.Name, from => plan.Rename(from, r.To.Name)));
        }

        return plan;

        void Take(QualifiedName name, Action<QualifiedName> take)
        {
            if (catalog.Selection.OperationsOf(name).Has(statement.Kind))
            {
                take(name);
            }
            else
            {
                plan.Detach(name);
            }
        }
    }

    private async Task<DdlChange> RunAsync(DdlSource source, NamePlan plan, CancellationToken cancellationToken)
    {
        var statement = source.Statement;
        if (plan.Drops.Count == 0 && plan.Moves.Count == 0 && plan.Added.Count == 0 && plan.Detached.Count > 0)
        {
            return Change(source, plan, result: null, alters: false);
        }

        bool alters = statement.Kind == DdlKind.AlterTable && plan.Moves.Count > 0;
        string executed = alters ? texts.Rewrite(statement) : string.Join("; ", Statements(source, plan, marker: null));
        var result = await runner.RunAsync(
            new DdlJob
            {
                Position = source.Position,
                Kind = statement.Kind,
                Statement = source.Text,
                Query = source.Query,
                Objects = Objects(source),
                Executed = executed,
                Tables = [.. plan.Moves.SelectMany(m => new[] { m.From, m.To }).Distinct()],
                RunAsync = (id, token) => ExecuteAsync(source, plan, alters ? executed : null, id, token),
                WasRunAsync = alters || plan.Moves.Count == 0 ? (alters ? null : static (_, _) => Task.FromResult(false)) : (id, token) => session.ExistsAsync(Marker(id, done: true), token),
            },
            cancellationToken).ConfigureAwait(false);
        var change = Change(source, plan, result, alters);
        if (!alters && plan.Moves.Count > 0)
        {
            // Not before: a worker that ends between the two would take the statement for one that was not run.
            change.AfterCommit(token => DropAsync([Marker(result.Id, false), Marker(result.Id, true)], token));
        }

        return change;
    }

    private async Task ExecuteAsync(DdlSource source, NamePlan plan, string? alter, long id, CancellationToken cancellationToken)
    {
        if (alter is not null)
        {
            foreach (var drop in plan.Drops)
            {
                await session.ExecuteAsync($"DROP TABLE IF EXISTS {drop.ToSql()}", cancellationToken).ConfigureAwait(false);
            }

            await texts.RunAsync(session, source, alter, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (plan.Moves.Count > 0)
        {
            await DropAsync(await context.Store.Ddl.ReadEndedMarkersAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

            // Renamed in the same statement, which is done as a whole or not at all: its name tells after a crash which.
            await session.ExecuteAsync($"CREATE TABLE IF NOT EXISTS {Marker(id, done: false).ToSql()} (id INT PRIMARY KEY)", cancellationToken).ConfigureAwait(false);
        }

        foreach (string statement in Statements(source, plan, id))
        {
            await session.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
        }
    }

    private IEnumerable<string> Statements(DdlSource source, NamePlan plan, long? marker)
    {
        bool dropsDatabase = source.Statement.Kind == DdlKind.DropDatabase && OwnsDatabase(source.Statement.Tokens.Name(source.Statement.DatabaseToken), plan);
        if (dropsDatabase)
        {
            yield return $"DROP DATABASE IF EXISTS {SqlText.Name(catalog.Selection.MapDatabase(source.Statement.Tokens.Name(source.Statement.DatabaseToken)))}";
        }
        else if (plan.Drops.Count > 0)
        {
            yield return $"DROP TABLE IF EXISTS {string.Join(", ", plan.Drops.Select(t => t.ToSql()))}";
        }

        if (plan.Moves.Count > 0)
        {
            var moves = plan.Moves.Select(m => $"{m.From.ToSql()} TO {m.To.ToSql()}");
            yield return $"RENAME TABLE {string.Join(", ", marker is { } id ? moves.Append($"{Marker(id, false).ToSql()} TO {Marker(id, true).ToSql()}") : moves)}";
        }
    }

    // Views and routines go with the database; but only where nobody else has tables in it.
    private bool OwnsDatabase(string database, NamePlan plan) =>
        catalog.Selection.SelectsWholeDatabase(database)
        && catalog.InDatabase(database).All(t => plan.Find(t.Name) is null)
        && context.Task.Objects.Count(o => o.To.Equals(catalog.Selection.MapDatabase(database), StringComparison.OrdinalIgnoreCase)) == 1;

    private DdlChange Change(DdlSource source, NamePlan plan, DdlResult? result, bool alters)
    {
        var change = new DdlChange(context, catalog, gate);
        if (result is not null)
        {
            change.End(result.Id, result.Outcome, result.Error);
        }

        if (plan.Detached.Count > 0)
        {
            change.Filter(source, string.Join(", ", plan.Detached));
        }

        foreach (var record in plan.Abandoned)
        {
            change.Forget(record.Number);
        }

        if (result is { Outcome: not DdlOutcome.Done })
        {
            return change;
        }

        foreach (var table in plan.Leaving)
        {
            if (!plan.Drops.Contains(table.Route.Destination))
            {
                context.Log.Write(LogLevel.Warning, "Incremental", $"{table.Name} {(plan.Detached.Contains(table.Name) ? "was dropped or renamed, which the task does not carry over" : "was renamed to a name that the task does not select")}. {table.Route.Destination} stays on the destination as it is and is not followed any more.");
            }

            change.Remove(table.Number);
        }

        foreach (var (table, name) in plan.Renamed)
        {
            var destination = catalog.Selection.Map(name);
            var definition = DefinitionMerge.Rename(table.Route.Definition, name);
            if (alters && result!.Before.GetValueOrDefault(table.Route.Destination) is { } before && result.After.GetValueOrDefault(destination) is { } after)
            {
                definition = DefinitionMerge.Apply(table.Route.Definition, before, after, n => n == destination ? name : catalog.ToSource(n)) with { Name = name };
                definition = DefinitionMerge.Rename(definition, name);
            }

            change.Rename(new TableRoute(table.Number, definition, destination));
        }

        foreach (var child in catalog.All.Where(t => !plan.Renamed.ContainsKey(t) && !plan.Leaving.Contains(t)))
        {
            if (DefinitionMerge.RenameParents(child.Route.Definition, plan.Renamed.ToDictionary(r => r.Key.Name, r => r.Value)) is { } definition)
            {
                change.Track(child.Route with { Definition = definition });
            }
        }

        int number = TableDdl.NextNumber(source.Records);
        foreach (var (name, stopped) in plan.Stopped)
        {
            string reason = source.Records.Single(r => r.Number == stopped.Number).StopReason ?? string.Empty;
            context.Log.Write(LogLevel.Warning, "Incremental", $"{stopped.Name}, without which the task goes on, is now {name}: the task goes on without that, too.");
            change.AddStopped(number++, stopped.Route with { Definition = DefinitionMerge.Rename(stopped.Route.Definition, name), Destination = catalog.Selection.Map(name) }, reason);
        }

        foreach (var name in plan.Added)
        {
            context.Log.Write(LogLevel.Info, "Incremental", $"{name} is a table of the task from here on, and is copied.");
            change.AddPending(number++, name, catalog.Selection.Map(name));
        }

        return change;
    }

    private void RequireCopy(NamePlan plan, DdlSource source)
    {
        if (plan.Added.Count > 0 && !context.CanCopyAgain)
        {
            throw ReplicationErrors.DdlNotExact(string.Join(", ", plan.Added), source.Text, source.Query.End, "a table with rows comes into the selection and must be copied, which this task cannot do");
        }
    }

    private static string Objects(DdlSource source) => source.Statement.DatabaseToken >= 0
        ? source.Statement.Tokens.Name(source.Statement.DatabaseToken)
        : string.Join(", ", source.Statement.Renames.Count > 0 ? source.Statement.Renames.Select(r => $"{r.From.Name} TO {r.To.Name}") : source.Statement.Targets.Select(t => t.Name.ToString()));

    private Task DropAsync(IReadOnlyList<QualifiedName> tables, CancellationToken cancellationToken) =>
        tables.Count == 0 ? Task.CompletedTask : session.ExecuteAsync($"DROP TABLE IF EXISTS {string.Join(", ", tables.Select(t => t.ToSql()))}", cancellationToken);

    private static QualifiedName Marker(long id, bool done) => new("dts_migrate", string.Create(CultureInfo.InvariantCulture, $"rename_{id}_{(done ? "done" : "begun")}"));
}
