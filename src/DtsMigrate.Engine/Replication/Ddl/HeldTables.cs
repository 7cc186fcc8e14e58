using System.Globalization;
using System.Text.Json;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// Tables whose columns a statement has changed on the source that the task does not carry over. Their rows do not fit the destination any more, even where types are alike, so they
/// stop the stream until the destination's table has been changed by hand. Which tables they are is read back from the DDL log.
/// </summary>
internal sealed class HeldTables(RunContext context, TableCatalog catalog)
{
    private readonly Dictionary<int, (string Statement, string Create)> _held = [];
    private readonly List<int> _released = [];

    /// <summary>Reads them from the log.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var record in await context.Store.Ddl.ReadHoldingAsync(cancellationToken).ConfigureAwait(false))
        {
            using var document = JsonDocument.Parse(record.Before!);
            var hold = document.RootElement;
            Hold(hold.GetProperty("table").GetInt32(), record.Statement, hold.GetProperty("create").GetString()!);
        }
    }

    /// <summary>The table's rows do not fit.</summary>
    public bool Holds(int table) => _held.Count > 0 && _held.ContainsKey(table);

    /// <summary>From a statement on the table's rows do not fit.</summary>
    /// <param name="table">Number.</param>
    /// <param name="statement">Statement that was left out.</param>
    /// <param name="create">The destination's table.</param>
    public void Hold(int table, string statement, string create) => _held.TryAdd(table, (statement, create));

    /// <summary>What an entry of the log keeps of a table that is held.</summary>
    public static string State(int table, string create) => Head(table) + CheckpointJson.Write(create) + "}";

    /// <summary>How <see cref="State"/> of a table begins.</summary>
    public static string Head(int table) => string.Create(CultureInfo.InvariantCulture, $"{{\"table\":{table},\"create\":");

    /// <summary>Rows of a held table have come: takes over what was changed by hand.</summary>
    /// <param name="table">Table.</param>
    /// <param name="at">End of the event.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The table as it is on the destination now.</returns>
    /// <exception cref="MySql.Errors.DtsMigrateException">Code <c>DdlFiltered</c>: nothing was changed there.</exception>
    public async Task<TablePlan> SettleAsync(TablePlan table, BinlogCoordinate at, CancellationToken cancellationToken)
    {
        var (statement, create) = _held[table.Number];
        MySqlSession session = await context.Destination.OpenAsync(SessionPurpose.Metadata, cancellationToken).ConfigureAwait(false);
        await using var scope = session.ConfigureAwait(false);
        var reader = await CatalogReader.OpenAsync(session, cancellationToken).ConfigureAwait(false);
        var now = await SchemaReader.ReadTableAsync(reader, table.Route.Destination, cancellationToken).ConfigureAwait(false);
        if (now is null || DefinitionGuard.Stable(now.CreateSql) == create)
        {
            throw ReplicationErrors.DdlFiltered(table.Name, table.Route.Destination, statement, at);
        }

        catalog.Set(table.Route with { Definition = DefinitionMerge.After(table.Name, now, catalog.ToSource) });
        _held.Remove(table.Number);
        _released.Add(table.Number);
        context.Log.Write(Progress.LogLevel.Info, "Incremental", $"{table.Route.Destination} was changed on the destination; its definition there counts from here on.");
        return catalog[table.Number];
    }

    /// <summary>In the caller's transaction: what was taken over since the last commit. The memory of it is kept until <see cref="Committed"/>.</summary>
    public async Task WriteAsync(MySqlSession session, SourcePosition position, CancellationToken cancellationToken)
    {
        foreach (int table in _released)
        {
            await context.Store.Definitions.WriteAsync(session, table, catalog[table].Route.Definition, position, cancellationToken).ConfigureAwait(false);
            await context.Store.Ddl.ReleaseAsync(session, table, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What was written is committed.</summary>
    public void Committed() => _released.Clear();
}
