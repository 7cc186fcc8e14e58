using System.Diagnostics.CodeAnalysis;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.OnlineDdl;

/// <summary>
/// The shadow tables that online DDL tools are filling on the source, by name. They are as far as the stream has ever been: what <see cref="Gate.High"/> covers they have had.
/// </summary>
internal sealed class ShadowTables(RunContext context, TableCatalog catalog, Gate gate, IReadOnlyDictionary<int, string> collations) : IDisposable
{
    private readonly Dictionary<string, ShadowTable> _tables = new(catalog.Selection.NameComparer);
    private readonly TableMapCheck _check = new(collations, catalog.Selection.Collations);
    private TableMapEvent? _lastMap;
    private ShadowTable? _last;

    /// <summary>Reads them from the checkpoint.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (catalog.Selection.OnlineDdl.Adapts)
        {
            foreach (var table in await context.Store.Shadows.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                Set(table);
            }
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ShadowTable> All => _tables.Values;

    /// <summary>Rows have changed that are not written yet.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Finds one.</summary>
    public bool TryFind(QualifiedName name, [NotNullWhen(true)] out ShadowTable? table) => _tables.TryGetValue(Key(name), out table);

    /// <summary>The event changes rows of a shadow table that is followed.</summary>
    public bool Concerns(RowsEvent rows) => _tables.Count > 0 && Find(rows.Table) is not null;

    /// <summary>Takes the rows of an event, if they are a shadow table's.</summary>
    /// <param name="rows">Event.</param>
    /// <param name="gtid">GTID of the transaction that makes the change visible; null without GTID.</param>
    /// <param name="end">End of an event of that transaction.</param>
    /// <returns>True when they are.</returns>
    public bool TryAdd(RowsEvent rows, Gtid? gtid, BinlogCoordinate end)
    {
        if (_tables.Count == 0 || Find(rows.Table) is not { } table)
        {
            return false;
        }

        if (!gate.High.Covers(gtid, end))
        {
            table.Add(rows, _check);
            IsDirty |= table.IsDirty;
        }

        return true;
    }

    /// <summary>In the caller's transaction, which also writes the position: the sums of rows that have changed.</summary>
    public async Task WriteAsync(MySqlSession session, CancellationToken cancellationToken)
    {
        foreach (var table in IsDirty ? _tables.Values : Enumerable.Empty<ShadowTable>())
        {
            if (table.IsDirty)
            {
                await context.Store.Shadows.UpdateAsync(session, table, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What was written is committed.</summary>
    public void Committed()
    {
        IsDirty = false;
        foreach (var table in _tables.Values)
        {
            table.IsDirty = false;
        }
    }

    /// <summary>Adds one, or takes over what it has become.</summary>
    public void Set(ShadowTable table)
    {
        Remove(table.Name);
        _tables.Add(Key(table.Name), table);
    }

    /// <summary>Follows one no longer.</summary>
    public void Remove(QualifiedName name)
    {
        _lastMap = null;
        if (_tables.Remove(Key(name), out var table))
        {
            table.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }
    }

    // A name has no NUL.
    private static string Key(QualifiedName name) => $"{name.Database}\0{name.Name}";

    private ShadowTable? Find(TableMapEvent map)
    {
        if (!ReferenceEquals(map, _lastMap))
        {
            _last = _tables.GetValueOrDefault(Key(new QualifiedName(map.Database, map.Table)));
            _lastMap = map;
        }

        return _last;
    }
}
