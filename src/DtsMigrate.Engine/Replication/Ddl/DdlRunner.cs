using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Faults;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Generated;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// Carries statements out so that a crash at any moment can be settled: what the tables are before is recorded first; whoever finds that record compares, and knows whether the
/// statement was run. A failure goes by the task's policy.
/// </summary>
internal sealed class DdlRunner(RunContext context, DdlSession session)
{
    private const string Phase = "Incremental";

    // Of the flow of control that has set it, so that tests may run side by side.
    private static readonly AsyncLocal<Func<string, string, Task>?> OfCaller = new();

    /// <summary>
    /// Between the record that a statement begins and the statement (<c>begun</c>), behind the statement (<c>run</c>), and right before the record that it is done (<c>ending</c>): for tests that are
    /// killed there.
    /// </summary>
    internal static Func<string, string, Task>? Interrupt
    {
        get => OfCaller.Value;
        set => OfCaller.Value = value;
    }

    /// <summary>Carries a statement out, or finds that it was.</summary>
    /// <exception cref="DtsMigrateException">
    /// Codes <c>DdlFailed</c>: the destination refused it and the task is to stop. <c>DdlNotExact</c>: the table has got a generated column whose values would be others.
    /// </exception>
    public async Task<DdlResult> RunAsync(DdlJob job, CancellationToken cancellationToken)
    {
        var result = await RunOrFindAsync(job, cancellationToken).ConfigureAwait(false);
        RequireExactValues(job, result);
        return result;
    }

    private async Task<DdlResult> RunOrFindAsync(DdlJob job, CancellationToken cancellationToken)
    {
        await session.EnsureAloneAsync(cancellationToken).ConfigureAwait(false);
        var known = await context.Store.Ddl.FindAsync(job.Position, job.Objects, cancellationToken).ConfigureAwait(false);
        var now = await ReadAsync(job.Tables, cancellationToken).ConfigureAwait(false);
        var before = known is { Before: { } recorded, Outcome: not DdlOutcome.Failed } ? Parse(recorded, job.Tables) : now;
        if (known is { Outcome: DdlOutcome.Done or DdlOutcome.Skipped })
        {
            return new DdlResult(known.Id, known.Outcome, known.Error, before, now, IsUncertain: false);
        }

        bool begun = known?.Outcome == DdlOutcome.Begun;
        if (begun && (job.WasRunAsync is { } wasRun ? await wasRun(known!.Id, cancellationToken).ConfigureAwait(false) : Differ(before, now)))
        {
            context.Log.Write(LogLevel.Info, Phase, $"A DDL statement that was under way when a worker ended has been carried out: {Short(job.Statement)}");
            return new DdlResult(known!.Id, DdlOutcome.Done, null, before, now, IsUncertain: false);
        }

        long id = await context.Store.Ddl.BeginAsync(Record(job, known?.Id ?? 0, before), cancellationToken).ConfigureAwait(false);
        await PauseAsync("begun", job.Statement).ConfigureAwait(false);
        var (outcome, error) = await ExecuteAsync(job, id, cancellationToken).ConfigureAwait(false);
        await PauseAsync("run", job.Statement).ConfigureAwait(false);
        return new DdlResult(id, outcome, error, before, await ReadAsync(job.Tables, cancellationToken).ConfigureAwait(false), begun);
    }

    // The rows that are there have their values by the statement's session; those to come would get them by ours. What the tables had before, the precheck has judged.
    private void RequireExactValues(DdlJob job, DdlResult result)
    {
        var known = Inexact(result.Before).ToHashSet();
        if (Inexact(result.After).FirstOrDefault(v => !known.Contains(v)) is { } value)
        {
            throw ReplicationErrors.DdlNotExact(job.Objects, job.Statement, job.Query.End, $"{GeneratedValueGuard.Why(value)}, and only the server computes it (options.generatedColumns)");
        }
    }

    private IEnumerable<GeneratedValue> Inexact(IReadOnlyDictionary<QualifiedName, TableDefinition?> tables) =>
        tables.Values.OfType<TableDefinition>().SelectMany(t => GeneratedValueGuard.FindInexact(context, t.CreateSql));

    /// <summary>A moment at which a test may end the worker.</summary>
    internal static Task PauseAsync(string moment, string statement) => Interrupt is { } interrupt ? interrupt(moment, statement) : Task.CompletedTask;

    private async Task<(DdlOutcome Outcome, string? Error)> ExecuteAsync(DdlJob job, long id, CancellationToken cancellationToken)
    {
        try
        {
            // The lease's last look: whoever has lost it must not change tables any more.
            await context.Store.RenewLeaseAsync(cancellationToken).ConfigureAwait(false);
            await job.RunAsync(id, cancellationToken).ConfigureAwait(false);
            context.Log.Write(LogLevel.Info, Phase, $"DDL carried out: {Short(job.Executed)}");
            return (DdlOutcome.Done, null);
        }
        catch (MySqlServerException failure) when (job.Harmless.Contains(failure.Errno))
        {
            return (DdlOutcome.Done, failure.ServerMessage);
        }
        catch (DtsMigrateException failure) when (failure is not MySqlConnectionException && failure.Code != "LeaseLost" && FaultClassifier.Classify(failure) == FaultClass.Stop)
        {
            string cause = failure is MySqlServerException server ? server.ServerMessage : failure.Message;
            if (context.Task.Options.DdlFailure == DdlFailurePolicy.Skip)
            {
                context.Log.Write(LogLevel.Warning, Phase, $"DDL left out, for the destination refused it ({cause}): {Short(job.Executed)}");
                return (DdlOutcome.Skipped, cause);
            }

            await context.Store.Ddl.FailAsync(id, cause, cancellationToken).ConfigureAwait(false);
            throw ReplicationErrors.DdlFailed(job.Objects, job.Executed, job.Query.End, cause, context.Task.Options.DdlFailure == DdlFailurePolicy.Retry, failure);
        }
    }

    /// <summary>The destination's tables as they are.</summary>
    public async Task<IReadOnlyDictionary<QualifiedName, TableDefinition?>> ReadAsync(IReadOnlyList<QualifiedName> tables, CancellationToken cancellationToken)
    {
        var found = new Dictionary<QualifiedName, TableDefinition?>();
        if (tables.Count == 0)
        {
            return found;
        }

        var metadata = await context.Destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var scope = metadata.ConfigureAwait(false);
        var catalog = await CatalogReader.OpenAsync(metadata, cancellationToken).ConfigureAwait(false);
        foreach (var table in tables)
        {
            found[table] = await SchemaReader.ReadTableAsync(catalog, table, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    // The next value of AUTO_INCREMENT moves with the rows.
    private static bool Differ(IReadOnlyDictionary<QualifiedName, TableDefinition?> before, IReadOnlyDictionary<QualifiedName, TableDefinition?> now) =>
        now.Any(t => before.GetValueOrDefault(t.Key) is var old && (old is null != t.Value is null || (old is not null && FullCopy.DefinitionGuard.Stable(old.CreateSql) != FullCopy.DefinitionGuard.Stable(t.Value!.CreateSql))));

    private static DdlRecord Record(DdlJob job, long id, IReadOnlyDictionary<QualifiedName, TableDefinition?> before) => new()
    {
        Id = id,
        Position = job.Position,
        Kind = job.Kind.ToString(),
        DefaultDatabase = job.Query.Database,
        Statement = job.Statement,
        Executed = job.Executed,
        Objects = job.Objects,
        Outcome = DdlOutcome.Begun,
        BegunAt = default,
        Before = CheckpointJson.Write<string[][]>([.. before.Where(t => t.Value is not null).Select(t => new[] { t.Key.Database, t.Key.Name, DefinitionJson.Write(t.Value!) })]),
    };

    private static Dictionary<QualifiedName, TableDefinition?> Parse(string json, IReadOnlyList<QualifiedName> tables)
    {
        var there = (CheckpointJson.Read<string[][]>(json) ?? []).ToDictionary(d => new QualifiedName(d[0], d[1]), d => DefinitionJson.Read(d[2]));
        return tables.ToDictionary(t => t, t => there.GetValueOrDefault(t));
    }

    private static string Short(string statement) => statement.Length > 300 ? statement[..300] + " …" : statement;
}
