using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// Columns and engines of the destination's tables. Databases with many tables of the run are read at once: asking for each table apart costs four queries of
/// information_schema a table. Not thread safe.
/// </summary>
internal sealed class DestinationShapes
{
    /// <summary>From so many tables of a database on.</summary>
    private const int Many = 20;

    private readonly Dictionary<string, int> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Dictionary<string, TableShape>> _read = new(StringComparer.Ordinal);

    /// <summary>Creates it.</summary>
    /// <param name="routes">The tables that will be asked for.</param>
    public DestinationShapes(IEnumerable<TableRoute> routes)
    {
        foreach (var route in routes)
        {
            _tables[route.Destination.Database] = _tables.GetValueOrDefault(route.Destination.Database) + 1;
        }
    }

    /// <summary>A table's columns and engine; null when there is no such table.</summary>
    /// <param name="table">Table.</param>
    /// <param name="asItWas">What was read of the database earlier in the run will do: nobody has made the table anew since.</param>
    /// <param name="catalog">The destination.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<TableShape?> FindAsync(QualifiedName table, bool asItWas, CatalogReader catalog, CancellationToken cancellationToken)
    {
        if (!asItWas || _tables.GetValueOrDefault(table.Database) < Many)
        {
            return (await ReadAsync(table.Database, table.Name, catalog, cancellationToken).ConfigureAwait(false)).GetValueOrDefault(table.Name);
        }

        if (!_read.TryGetValue(table.Database, out var shapes))
        {
            _read.Add(table.Database, shapes = await ReadAsync(table.Database, null, catalog, cancellationToken).ConfigureAwait(false));
        }

        return shapes.GetValueOrDefault(table.Name);
    }

    private static async Task<Dictionary<string, TableShape>> ReadAsync(string database, string? table, CatalogReader catalog, CancellationToken cancellationToken)
    {
        var tables = await catalog.ReadTablesAsync(database, table, cancellationToken).ConfigureAwait(false);
        var columns = await catalog.ReadColumnsAsync(database, table, cancellationToken).ConfigureAwait(false);
        return tables.Where(t => t.IsBaseTable && columns.ContainsKey(t.Name)).ToDictionary(t => t.Name, t => new TableShape(columns[t.Name], t.Engine), catalog.Names);
    }
}
