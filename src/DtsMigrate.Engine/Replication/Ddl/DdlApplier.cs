using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication.OnlineDdl;
using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// Carries DDL over: takes a statement apart, decides per table what is to be done (<see cref="TableStage"/>), runs it and says what it makes of the task. Everything before the
/// statement is committed when it comes here.
/// </summary>
internal sealed class DdlApplier : IAsyncDisposable
{
    private readonly Gate _gate;
    private readonly DdlSession _session;
    private readonly TableDdl _tables;
    private readonly NameDdl _names;
    private readonly ObjectDdl _objects;
    private readonly ShadowDdl? _shadows;
    private readonly ShadowSwap? _swaps;

    /// <summary>Creates the applier.</summary>
    public DdlApplier(RunContext context, TableCatalog catalog, Gate gate, HeldTables held, ShadowTables shadows, IReadOnlyDictionary<int, string> collations)
    {
        _gate = gate;
        _session = new DdlSession(context, collations);
        var runner = new DdlRunner(context, _session);
        var texts = new DdlTexts(catalog, context.Task.Options.DefinerMode, collations);
        _tables = new TableDdl(context, catalog, gate, _session, runner, texts, held);
        _names = new NameDdl(context, catalog, gate, _session, runner, texts);
        _objects = new ObjectDdl(context, catalog, gate, _session, runner, texts);
        if (catalog.Selection.OnlineDdl.Adapts)
        {
            _shadows = new ShadowDdl(context, catalog, gate, _session, runner, texts, shadows);
            _swaps = new ShadowSwap(context, catalog, gate, _session, runner, shadows, _shadows, collations);
        }
    }

    /// <summary>Carries a statement out.</summary>
    /// <param name="text">Statement.</param>
    /// <param name="query">Its event.</param>
    /// <param name="transaction">Its transaction.</param>
    /// <param name="records">The tables as the checkpoint has them now.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What it makes of the task; null when it does not concern it.</returns>
    public async Task<DdlChange?> ApplyAsync(string text, QueryEvent query, SourceTransaction transaction, IReadOnlyList<TableCopyRecord> records, CancellationToken cancellationToken)
    {
        var statement = DdlParser.Parse(text, query.Database, SqlModeBits.Syntax(query.Context.SqlMode ?? 0))
            ?? throw ReplicationErrors.UnknownStatement(text, query.End);
        statement.MapNames(_names.OnSource);
        var source = new DdlSource(statement, text, query, transaction.Gtid, records);
        bool isOver = _gate.High.Covers(transaction.Gtid, query.End);
        var change = isOver ? null : await ShadowsAsync(source, cancellationToken).ConfigureAwait(false);
        change ??= statement.Kind switch
        {
            DdlKind.CreateTable => isOver ? null : await _tables.CreateAsync(source, cancellationToken).ConfigureAwait(false),
            DdlKind.DropTable or DdlKind.RenameTable or DdlKind.DropDatabase => isOver ? null : await _names.ApplyAsync(source, cancellationToken).ConfigureAwait(false),
            DdlKind.AlterTable when statement.Renames.Count > 0 => isOver ? null : await _names.ApplyAsync(source, cancellationToken).ConfigureAwait(false),
            DdlKind.AlterTable or DdlKind.TruncateTable or DdlKind.CreateIndex or DdlKind.DropIndex => await _tables.AlterAsync(source, isOver, cancellationToken).ConfigureAwait(false),
            _ => isOver ? null : await _objects.ApplyAsync(source, cancellationToken).ConfigureAwait(false),
        };
        await DdlRunner.PauseAsync("ending", text).ConfigureAwait(false);
        return isOver || _shadows is null ? change : _shadows.Forget(source, change);
    }

    private async Task<DdlChange?> ShadowsAsync(DdlSource source, CancellationToken cancellationToken) => _shadows is null
        ? null
        : await _shadows.ApplyAsync(source, cancellationToken).ConfigureAwait(false) ?? await _swaps!.ApplyAsync(source, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();
}
