using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication.OnlineDdl;

/// <summary>
/// Statements about shadow tables. Each that makes or changes one is run on an empty model of it in <c>dts_migrate</c>, which is made anew for every statement,
/// so that a statement that was cut is simply run again.
/// </summary>
internal sealed class ShadowDdl(
    RunContext context, TableCatalog catalog, Gate gate, DdlSession session, DdlRunner runner, DdlTexts texts, ShadowTables shadows)
{
    /// <summary>Carries out a statement that makes or changes a shadow table.</summary>
    /// <returns>What it makes of the task; null when it is no such statement, or the table is not followed.</returns>
    public async Task<DdlChange?> ApplyAsync(DdlSource source, CancellationToken cancellationToken)
    {
        var statement = source.Statement;
        if (statement.Targets.Count != 1 || statement.Renames.Count > 0)
        {
            return null;
        }

        var name = statement.Targets[0].Name;
        return statement.Kind switch
        {
            DdlKind.CreateTable when catalog.Selection.IsShadow(name) && !shadows.TryFind(name, out _) =>
                await CreateAsync(source, name, cancellationToken).ConfigureAwait(false),
            DdlKind.AlterTable or DdlKind.CreateIndex or DdlKind.DropIndex when shadows.TryFind(name, out var table) =>
                await AlterAsync(source, table, cancellationToken).ConfigureAwait(false),
            DdlKind.TruncateTable when shadows.TryFind(name, out var table) => Truncate(table),
            _ => null,
        };
    }

    /// <summary>Stops following the shadow tables that a statement drops, renames or exchanges rows of.</summary>
    /// <param name="source">Statement.</param>
    /// <param name="change">What else it makes of the task; null for nothing.</param>
    public DdlChange? Forget(DdlSource source, DdlChange? change)
    {
        var statement = source.Statement;
        var names = statement.Kind switch
        {
            DdlKind.DropTable => statement.Targets.Select(t => t.Name),
            DdlKind.AlterTable when statement.Swaps => statement.Targets.Select(t => t.Name),
            DdlKind.RenameTable or DdlKind.AlterTable => statement.Renames.SelectMany(r => new[] { r.From.Name, r.To.Name }),
            DdlKind.DropDatabase => shadows.All.Select(s => s.Name).Where(n => catalog.Selection.NameComparer.Equals(n.Database, statement.Tokens.Name(statement.DatabaseToken))),
            _ => [],
        };
        foreach (var name in names.Distinct().ToList())
        {
            if (shadows.TryFind(name, out var table))
            {
                change ??= new DdlChange(context, catalog, gate);
                Forget(table, change);
            }
        }

        return change;
    }

    /// <summary>Stops following a table.</summary>
    public void Forget(ShadowTable table, DdlChange change)
    {
        change.Do((destination, token) => context.Store.Shadows.DeleteAsync(destination, table.Name, token), () => shadows.Remove(table.Name));

        // Earlier ones, too: a worker may have ended before it dropped them.
        string models = string.Join(',', Enumerable.Range(1, table.Version).Select(version => Model(table.Name, version).ToSql()));
        change.AfterCommit(token => session.ExecuteAsync($"DROP TABLE IF EXISTS {models}", token));
    }

    /// <summary>Runs a statement in its context; once more without ALGORITHM and LOCK when the destination refuses those.</summary>
    /// <param name="source">Statement.</param>
    /// <param name="of">Its table.</param>
    /// <param name="on">The table of the destination to run it on.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task RunOnAsync(DdlSource source, QualifiedName of, QualifiedName on, CancellationToken cancellationToken)
    {
        var special = (catalog.Selection.NameComparer, of, on);
        try
        {
            await texts.RunAsync(session, source, texts.RewriteOn(source.Statement, special), cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException failure) when (failure.Errno is TableDdl.NotSupported or TableDdl.NotSupportedBecause && source.Statement.Hints.Count > 0)
        {
            await texts.RunAsync(session, source, texts.RewriteOn(source.Statement, special, withoutHints: true), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<DdlChange?> CreateAsync(DdlSource source, QualifiedName name, CancellationToken cancellationToken)
    {
        var statement = source.Statement;
        if (statement.Mentions.Count > 0
            || (statement.Model is { } like && !(catalog.TryFind(like.Name.Database, like.Name.Name, out var known) && source.StageOf(gate, known.Number) == TableStage.Complete)))
        {
            Tell(name, statement.Mentions.Count > 0 ? "it has foreign keys" : $"{statement.Model!.Value.Name} is not complete on the destination yet");
            return null;
        }

        // Made in the database that it belongs to, whose character set it may take, and then moved.
        var model = Model(name, 1);
        var first = model with { Database = catalog.Selection.MapDatabase(name.Database) };
        return await MakeAsync(source, name, first, model, [$"DROP TABLE IF EXISTS {first.ToSql()}, {model.ToSql()}"], cancellationToken).ConfigureAwait(false) is { } definition
            ? Follow(new ShadowTable(name, 1, definition, []), instead: null)
            : null;
    }

    private async Task<DdlChange?> AlterAsync(DdlSource source, ShadowTable table, CancellationToken cancellationToken)
    {
        if (source.Statement.Swaps || source.Statement.IsNotRun || source.Statement.Mentions.Count > 0)
        {
            Tell(table.Name, "what a statement has made of it cannot be told");
            return Dropped(table);
        }

        var model = Model(table.Name, table.Version + 1);
        var definition = await MakeAsync(
            source, table.Name, model, model, [$"DROP TABLE IF EXISTS {model.ToSql()}", $"CREATE TABLE {model.ToSql()} LIKE {table.Model.ToSql()}"], cancellationToken).ConfigureAwait(false);
        if (definition is null)
        {
            return Dropped(table);
        }

        bool keepsRows = table.Sum == default || table.Definition.Columns.SequenceEqual(definition.Columns);
        return Follow(
            new ShadowTable(table.Name, table.Version + 1, definition, [.. table.Statements, ShadowStatement.Of(source.Query)])
            {
                Sum = table.Sum,
                Reason = table.Reason ?? (keepsRows ? null : "its columns have changed while it had rows"),
            },
            table);
    }

    private DdlChange Truncate(ShadowTable table) => Follow(new ShadowTable(table.Name, table.Version, table.Definition, table.Statements) { Reason = table.Reason }, table);

    private DdlChange Dropped(ShadowTable table)
    {
        var change = new DdlChange(context, catalog, gate);
        Forget(table, change);
        return change;
    }

    private DdlChange Follow(ShadowTable table, ShadowTable? instead)
    {
        var change = new DdlChange(context, catalog, gate);
        change.Do((destination, token) => context.Store.Shadows.PutAsync(destination, table, token), () => shadows.Set(table));
        if (instead is null)
        {
            context.Log.Write(LogLevel.Info, "Incremental", $"{table.Name} is the shadow table of an online DDL tool: it is left out, and followed until the names are swapped.");
        }
        else if (instead.Model != table.Model)
        {
            change.AfterCommit(token => session.ExecuteAsync($"DROP TABLE IF EXISTS {instead.Model.ToSql()}", token));
        }

        return change;
    }

    // Null when the destination refuses it: then the table is copied again at the swap.
    private async Task<TableDefinition?> MakeAsync(
        DdlSource source, QualifiedName name, QualifiedName first, QualifiedName model, IReadOnlyList<string> prepare, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string sql in prepare)
            {
                await session.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false);
            }

            await RunOnAsync(source, name, first, cancellationToken).ConfigureAwait(false);
            if (first != model)
            {
                await session.ExecuteAsync($"RENAME TABLE {first.ToSql()} TO {model.ToSql()}", cancellationToken).ConfigureAwait(false);
            }

            return (await runner.ReadAsync([model], cancellationToken).ConfigureAwait(false))[model];
        }
        catch (DtsMigrateException refusal) when (refusal is not MySqlConnectionException && FaultClassifier.Classify(refusal) == FaultClass.Stop)
        {
            Tell(name, $"the destination has refused a statement about it ({(refusal as MySqlServerException)?.ServerMessage ?? refusal.Message})");
            await session.ExecuteAsync($"DROP TABLE IF EXISTS {first.ToSql()}, {model.ToSql()}", cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    private void Tell(QualifiedName name, string why) =>
        context.Log.Write(LogLevel.Info, "Incremental", $"Shadow table {name} is left out and not followed, for {why}: its table is copied again when the names are swapped.");

    // The same whoever makes it, and of no other task.
    private QualifiedName Model(QualifiedName name, int version)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Task.Name}\0{name.Database}\0{name.Name}"));
        return new QualifiedName("dts_migrate", string.Create(CultureInfo.InvariantCulture, $"shadow_{Convert.ToHexStringLower(hash.AsSpan(0, 8))}_{version}"));
    }
}
