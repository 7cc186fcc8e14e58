using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Schema.Accounts;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Schema.Script;

/// <summary>
/// The dry run of schema migration: everything that it would execute on the destination, in order, as a script for the <c>mysql</c> client. Nothing is changed on either server.
/// </summary>
public static class SchemaScript
{
    /// <summary>Writes the script.</summary>
    /// <param name="task">The task.</param>
    /// <param name="source">Source.</param>
    /// <param name="destination">Destination; only its version and accounts are read.</param>
    /// <param name="output">Takes the script. Texts are UTF-8, except of objects that were created under another character set and are not plain ASCII: these have their own bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DtsMigrateException">Codes as for the migration itself, for example <c>ObjectNotFound</c> and <c>SqlNotUnderstood</c>.</exception>
    public static async Task WriteAsync(MigrationTask task, ServerConnector source, ServerConnector destination, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(output);
        var reading = await source.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using (reading.ConfigureAwait(false))
        {
            var other = await destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
            await using (other.ConfigureAwait(false))
            {
                var facts = await ServerConnector.ReadFactsAsync(reading, cancellationToken).ConfigureAwait(false);
                var there = await ServerConnector.ReadFactsAsync(other, cancellationToken).ConfigureAwait(false);
                bool ignoreCase = facts.LowerCaseTableNames != 0;
                var selection = new ObjectSelection(task, NameCase.Of(task.Options.Capitalization, facts, there));
                var tables = await SchemaReader.ReadSelectedAsync(reading, task, selection, cancellationToken).ConfigureAwait(false);
                TableRoute[] routes = [.. tables.Select((t, i) => new TableRoute(i + 1, TableForm.Of(t, selection), selection.Map(t.Name)))];
                var objects = await StoredObjectSource.ReadAsync(reading, task, selection, other.ServerVersion, cancellationToken).ConfigureAwait(false);
                var writer = new ScriptWriter(output, reading, cancellationToken);
                await writer.WriteAsync($"-- Schema migration of task {task.Name}, in the order of execution.\n").ConfigureAwait(false);
                await WriteAccountsAsync(writer, await PlanAccountsAsync(task, reading, other, selection, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                await writer.WriteAsync(ScriptWriter.Settings).ConfigureAwait(false);
                await WriteDatabasesAsync(writer, reading, other.ServerVersion, selection, cancellationToken).ConfigureAwait(false);
                await WriteTablesAsync(writer, task, routes).ConfigureAwait(false);
                var rewriter = new StoredObjectRewriter(StoredObjectRewriter.Names(selection), task.Options.DefinerMode, selection.Collations);
                await WriteInterimAsync(writer, task, rewriter, objects).ConfigureAwait(false);
                await writer.WriteAsync("\n-- Rows are copied here.\n").ConfigureAwait(false);
                await WriteLateIndexesAsync(writer, task, routes).ConfigureAwait(false);
                await WriteForeignKeysAsync(writer, routes, ignoreCase).ConfigureAwait(false);
                await WriteFinalAsync(writer, task, rewriter, objects).ConfigureAwait(false);
            }
        }
    }

    private static async Task<IReadOnlyList<AccountPlan>> PlanAccountsAsync(MigrationTask task, MySqlSession source, MySqlSession destination, ObjectSelection selection, CancellationToken cancellationToken) =>
        task.Accounts.Count == 0 ? [] : await AccountPlanner.PlanAsync(task, source, destination, selection, cancellationToken).ConfigureAwait(false);

    // Statements that create accounts hold hashes of passwords, which do not belong into a file that is read and passed around.
    private static async Task WriteAccountsAsync(ScriptWriter writer, IReadOnlyList<AccountPlan> plans)
    {
        foreach (var plan in plans)
        {
            await writer.WriteAsync($"-- Account {OneLine(plan.Account)}: {plan.Class}; its statements hold the hash of its password and are not shown.\n").ConfigureAwait(false);
            foreach (string words in plan.LeftOut)
            {
                await writer.WriteAsync($"--   left out: {OneLine(words)}\n").ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteDatabasesAsync(ScriptWriter writer, MySqlSession source, ServerVersion destination, ObjectSelection selection, CancellationToken cancellationToken)
    {
        var catalog = await CatalogReader.OpenAsync(source, cancellationToken).ConfigureAwait(false);
        foreach (var database in (await catalog.ReadDatabasesAsync(cancellationToken).ConfigureAwait(false)).Where(d => selection.SelectsDatabase(d.Name)))
        {
            await writer.WriteStatementAsync(TableCreator.CreateDatabase(selection, database, destination)).ConfigureAwait(false);
        }
    }

    private static async Task WriteTablesAsync(ScriptWriter writer, MigrationTask task, IReadOnlyList<TableRoute> routes)
    {
        foreach (var route in routes)
        {
            var statement = CreateTableStatement.Parse(route.Definition.CreateSql);
            var plan = DeferredIndexPlanner.Plan(route.Definition, statement, task);
            await writer.WriteStatementAsync(TableRewriter.Rewrite(route.Definition, statement, route.Destination, [.. plan.Select(i => i.Name)]).Sql).ConfigureAwait(false);
        }
    }

    private static async Task WriteLateIndexesAsync(ScriptWriter writer, MigrationTask task, IReadOnlyList<TableRoute> routes)
    {
        foreach (var route in routes)
        {
            var plan = DeferredIndexPlanner.Plan(route.Definition, CreateTableStatement.Parse(route.Definition.CreateSql), task);
            string[] trees = [.. plan.Where(i => i.Kind is IndexKind.Plain or IndexKind.Unique).Select(i => i.Definition)];
            var steps = plan.Where(i => i.Kind == IndexKind.Fulltext).Select(i => i.Definition)
                .Concat(trees.Length > 0 ? [string.Join(", ADD ", trees)] : [])
                .Concat(plan.Where(i => i.Kind == IndexKind.Spatial).Select(i => i.Definition));
            foreach (string step in steps)
            {
                await writer.WriteStatementAsync($"ALTER TABLE {route.Destination.ToSql()} ADD {step}").ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteForeignKeysAsync(ScriptWriter writer, IReadOnlyList<TableRoute> routes, bool ignoreCase)
    {
        var parents = new ForeignKeyParents(routes, ignoreCase);
        foreach (var route in routes)
        {
            var keys = CreateTableStatement.Parse(route.Definition.CreateSql).ReadForeignKeys(route.Source.Database);
            if (keys.Count > 0)
            {
                await writer.WriteStatementAsync($"ALTER TABLE {route.Destination.ToSql()} {string.Join(", ", keys.Select(k => k.ToAddClause(parents.Map(k.Parent))))}").ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteInterimAsync(ScriptWriter writer, MigrationTask task, StoredObjectRewriter rewriter, List<StoredObject> objects)
    {
        foreach (var item in objects.Where(o => o.Kind != StoredObjectKind.Trigger || task.Options.TriggerMethod == TriggerMethod.Automatic))
        {
            var target = rewriter.Rewrite(item, StoredObjectForm.Interim);
            await writer.WriteObjectAsync(target, target.CreateSql).ConfigureAwait(false);
        }
    }

    private static async Task WriteFinalAsync(ScriptWriter writer, MigrationTask task, StoredObjectRewriter rewriter, List<StoredObject> objects)
    {
        await writer.WriteAsync("\n-- The end: triggers and events become as on the source.\n").ConfigureAwait(false);
        foreach (var item in objects.Where(o => o.Kind == StoredObjectKind.Trigger || o.IsEnabledEvent))
        {
            var target = rewriter.Rewrite(item, StoredObjectForm.Final);
            if (target.Kind == StoredObjectKind.Event)
            {
                await writer.WriteObjectAsync(target, StoredObjectMigrator.EnableSql(target, task.Options.DefinerMode)).ConfigureAwait(false);
                continue;
            }

            if (task.Options.TriggerMethod == TriggerMethod.Automatic)
            {
                await writer.WriteStatementAsync($"DROP TRIGGER {target.Name.ToSql()}").ConfigureAwait(false);
            }

            await writer.WriteObjectAsync(target, target.CreateSql).ConfigureAwait(false);
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
