using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// What a DDL statement that has been carried out makes of the task: written in the transaction that writes the position behind it, then taken over in memory.
/// </summary>
internal sealed class DdlChange(RunContext context, TableCatalog catalog, Gate gate)
{
    private readonly List<Func<MySqlSession, CancellationToken, Task>> _writes = [];
    private readonly List<Action> _adoptions = [];
    private readonly SourcePosition _before = gate.Current;
    private readonly List<Func<CancellationToken, Task>> _cleanups = [];

    /// <summary>Some table is to be copied.</summary>
    public bool NeedsCopy { get; private set; }

    /// <summary>In the caller's transaction: writes everything.</summary>
    public async Task WriteAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        foreach (var write in _writes)
        {
            await write(session, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>After the commit: takes everything over.</summary>
    public void Adopt()
    {
        foreach (var adopt in _adoptions)
        {
            adopt();
        }
    }

    /// <summary>After the commit: removes what could still have been asked whether the statement was run.</summary>
    public async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        foreach (var cleanup in _cleanups)
        {
            await cleanup(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds to what <see cref="CleanUpAsync"/> does.</summary>
    public void AfterCommit(Func<CancellationToken, Task> cleanup) => _cleanups.Add(cleanup);

    /// <summary>Adds something to be written, and taken over in memory after the commit.</summary>
    public void Do(Func<MySqlSession, CancellationToken, Task> write, Action adopt)
    {
        _writes.Add(write);
        _adoptions.Add(adopt);
    }

    /// <summary>Records how the statement ended.</summary>
    public void End(long id, DdlOutcome outcome, string? error) =>
        _writes.Add((session, token) => DdlLogStore.EndAsync(session, id, outcome, error, token));

    /// <summary>Records a statement that is not run.</summary>
    public void Log(DdlRecord record) => _writes.Add((session, token) => context.Store.Ddl.InsertAsync(session, record, token));

    /// <summary>Records a statement whose kind the task does not select.</summary>
    /// <param name="source">Statement.</param>
    /// <param name="objects">What it names of the task.</param>
    /// <param name="state">What must be known of it later; null for nothing.</param>
    public void Filter(DdlSource source, string objects, string? state = null)
    {
        context.Log.Write(LogLevel.Info, "Incremental", $"DDL left out, for the task does not select {source.Statement.Kind} there: {objects}.");
        Log(new DdlRecord
        {
            Id = 0,
            Position = source.Position,
            Kind = source.Statement.Kind.ToString(),
            DefaultDatabase = source.Query.Database,
            Statement = source.Text,
            Objects = objects,
            Outcome = DdlOutcome.Filtered,
            Before = state,
            BegunAt = default,
        });
    }

    /// <summary>A statement that changed the table's columns was left out: its rows do not fit any more.</summary>
    public void Hold(HeldTables held, DdlSource source, TablePlan table, string create)
    {
        Filter(source, table.Name.ToString(), HeldTables.State(table.Number, create));
        _adoptions.Add(() => held.Hold(table.Number, source.Text, create));
    }

    /// <summary>A table has another definition from here on.</summary>
    public void Track(TableRoute route)
    {
        _writes.Add((session, token) => context.Store.Definitions.WriteAsync(session, route.Number, route.Definition, _before, token));
        _adoptions.Add(() => catalog.Set(route));
    }

    /// <summary>A table was created empty: it is complete.</summary>
    public void AddLive(TableRoute route)
    {
        _writes.Add((session, token) => context.Store.Changes.AddLiveAsync(session, route, _before, token));
        Track(route);
        _adoptions.Add(() => Show(route, TableCopyState.Live, _before));
    }

    /// <summary>A table came into the selection with rows: it is to be copied. Its definition is read when its copy begins.</summary>
    public void AddPending(int number, QualifiedName source, QualifiedName destination)
    {
        var unknown = new TableDefinition { Name = source, Columns = [], UniqueKeys = [], Engine = "InnoDB", CreateSql = string.Empty, Hash = string.Empty };
        var route = new TableRoute(number, unknown, destination);
        NeedsCopy = true;
        _writes.Add((session, token) => context.Store.Changes.AddPendingAsync(session, route, token));
        Track(route);
        _adoptions.Add(() => Show(route, TableCopyState.Pending, null));
    }

    /// <summary>A stopped table has another name besides the one that it had.</summary>
    public void AddStopped(int number, TableRoute like, string reason)
    {
        var route = like with { Number = number };
        _writes.Add((session, token) => context.Store.Changes.AddStoppedAsync(session, route, reason, token));
        Track(route);
        _adoptions.Add(() =>
        {
            Show(route, TableCopyState.Stopped, null);
            context.Metrics.Tables[number].StopReason = reason;
        });
    }

    /// <summary>A complete table must be copied again.</summary>
    public void Recopy(TablePlan table)
    {
        NeedsCopy = true;
        _writes.Add((session, token) => context.Store.Changes.RecopyAsync(session, table.Number, token));
        _adoptions.Add(() => Show(catalog[table.Number].Route, TableCopyState.Pending, null));
    }

    /// <summary>A table has other names from here on.</summary>
    public void Rename(TableRoute route)
    {
        _writes.Add((session, token) => context.Store.Changes.RenameAsync(session, route, token));
        Track(route);
        _adoptions.Add(() => context.Metrics.Tables[route.Number] = new TableProgress(route.Source, route.Destination, route.Definition.EstimatedRows) { State = TableCopyState.Live });
    }

    /// <summary>A table is no longer part of the task.</summary>
    public void Remove(int number)
    {
        _writes.Add((session, token) => context.Store.Changes.RemoveAsync(session, number, token));
        _adoptions.Add(() => Forget(number));
    }

    /// <summary>A table has been taken out in the checkpoint already.</summary>
    public void Forget(int number)
    {
        catalog.Remove(number);
        gate.Remove(number);
        context.Metrics.Tables.TryRemove(number, out _);
    }

    private void Show(TableRoute route, TableCopyState state, SourcePosition? watermark)
    {
        gate.Set(new TableCopyRecord
        {
            Number = route.Number,
            Source = route.Source,
            Destination = route.Destination,
            State = state,
            DefinitionHash = route.Definition.Hash,
            Watermark = watermark,
            FuzzyEnd = watermark,
        });
        context.Metrics.Tables[route.Number] = new TableProgress(route.Source, route.Destination, route.Definition.EstimatedRows) { State = state };
    }
}
