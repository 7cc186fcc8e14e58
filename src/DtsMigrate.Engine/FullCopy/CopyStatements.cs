using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Transform;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>The statements that copy one table.</summary>
internal sealed class CopyStatements
{
    private readonly ProbedQuery _query;
    private readonly string _from;
    private readonly int[]? _keyFields;

    private CopyStatements(TableRoute route, IReadOnlyList<CopyColumn> columns, ChunkKey? key, bool isTransactional, bool replaces, ServerVersion sourceVersion, ServerVersion destinationVersion)
    {
        IsTransactional = isTransactional;
        Replaces = replaces;
        DestinationVersion = destinationVersion;
        Columns = columns;
        Key = key;
        ProbeFields = columns.Count(c => c.IsProbed) * JsonProbe.Fields;
        Typed = ProbeFields == 0 ? null : new CopyStatements(route, [.. columns.Select(c => c.AsExpression())], key, isTransactional, replaces, sourceVersion, destinationVersion);
        _from = $" FROM {route.Source.ToSql()}";
        _query = new ProbedQuery([.. columns.Select(c => (c.Select, c.Probed))], sourceVersion);
        Load = BuildLoad(route.Destination, columns, replaces);
        InsertHead = $" INTO {route.Destination.ToSql()} ({string.Join(',', columns.Select(c => c.Name))}) VALUES ";
        EnumColumns = columns.Select(c => c.IsEnum).ToArray();
        _keyFields = KeyFields(columns, key, ProbeFields);
    }

    /// <summary>The columns in the order in which they are read and written.</summary>
    public IReadOnlyList<CopyColumn> Columns { get; }

    /// <summary>The key to cut the table by; null when it can only be copied as a whole.</summary>
    public ChunkKey? Key { get; }

    /// <summary>Number of fields before the columns in what is read: answers of <see cref="JsonProbe"/>, two for each JSON column.</summary>
    public int ProbeFields { get; }

    /// <summary>For inserting rows whose JSON documents are SQL expressions; null when there are no JSON columns.</summary>
    public CopyStatements? Typed { get; }

    /// <summary>The destination's table can be rolled back.</summary>
    public bool IsTransactional { get; }

    /// <summary>Rows that are there already are written again: the only way to do a chunk twice where nothing can be rolled back.</summary>
    public bool Replaces { get; }

    /// <summary>Version of the server that the rows are written to.</summary>
    public ServerVersion DestinationVersion { get; }

    /// <summary>LOAD DATA LOCAL.</summary>
    public string Load { get; }

    /// <summary>An INSERT's part between its verb and the first row.</summary>
    public string InsertHead { get; }

    /// <summary>True for ENUM columns, by place.</summary>
    public bool[] EnumColumns { get; }

    /// <summary>Builds the statements.</summary>
    /// <param name="route">Table.</param>
    /// <param name="destination">What it is on the destination.</param>
    /// <param name="sourceVersion">Version of the source.</param>
    /// <param name="destinationVersion">Version of the destination.</param>
    /// <param name="keepsExisting">Rows that exist on the destination are kept.</param>
    /// <param name="allowNullable">The table may be cut by a unique key with NULLs: only where all is read from one snapshot.</param>
    /// <exception cref="DtsMigrateException">
    /// Code <c>DestinationTableDiffers</c>: a column is missing there, or an ENUM or SET has other members.
    /// </exception>
    public static CopyStatements Create(TableRoute route, TableShape destination, ServerVersion sourceVersion, ServerVersion destinationVersion, bool keepsExisting = false, bool allowNullable = false)
    {
        var there = destination.Columns.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        var doubles = (destinationVersion.IsAtLeast(9) ? ListedDoubles.None : ListedDoubles.Misrounded) | (sourceVersion.IsAtLeast(9) ? ListedDoubles.None : ListedDoubles.Whole);
        var columns = new List<CopyColumn>();
        foreach (var column in route.Definition.WrittenColumns)
        {
            if (!there.TryGetValue(column.Name, out var target) || target.IsGenerated)
            {
                throw Differs(route, $"has no column {column.Name} that can be written");
            }

            if (column.DataType is "enum" or "set" && column.ColumnType != target.ColumnType)
            {
                throw Differs(route, $"has {target.ColumnType} for column {column.Name}, the source has {column.ColumnType}");
            }

            columns.Add(CopyColumn.Create(column, target, doubles));
        }

        bool transactional = destination.Engine.ToUpperInvariant() is "INNODB" or "NDBCLUSTER";
        bool replaces = !transactional && !keepsExisting && route.Definition.IdentityKey is not null;
        return new CopyStatements(route, columns, ChunkKey.For(route.Definition, allowNullable), transactional, replaces, sourceVersion, destinationVersion);
    }

    /// <summary>Builds the statements for a table that is the same on both sides.</summary>
    public static CopyStatements Create(TableRoute route, TableDefinition destination, ServerVersion sourceVersion, ServerVersion destinationVersion, bool allowNullable = false) =>
        Create(route, new TableShape(destination.Columns, destination.Engine), sourceVersion, destinationVersion, keepsExisting: false, allowNullable);

    /// <summary>Reads the rows of a chunk, in key order.</summary>
    /// <param name="chunk">Scope and range.</param>
    /// <param name="limit">Most rows; null for all.</param>
    public string Select(ChunkRecord chunk, long? limit = null) => Key is null ? SelectAll() : _query.Of(Range(Key, chunk), limit);

    /// <summary>
    /// True when a chunk may be ended after any of its rows: no two rows tie on the key, <see cref="KeyOf"/> can tell it, and they surely come in key order.
    /// </summary>
    public bool CanEndAt(ChunkRecord chunk) => Key is { IsUnique: true } key && _keyFields is not null && _query.KeepsOrder && key.CanCut(chunk.Scope);

    /// <summary>The key of a row as <see cref="Select"/> reads it, as a bound.</summary>
    /// <param name="row">The row's fields as they came.</param>
    public IReadOnlyList<string> KeyOf(ReadOnlySpan<byte> row)
    {
        var places = _keyFields ?? throw new InvalidOperationException("The rows of this table do not hold their key.");
        var values = new byte[places.Length][];
        var fields = new TextRowReader(row);
        for (int field = 0; field <= places.Max(); field++)
        {
            fields.ReadField(out var value);
            int place = Array.IndexOf(places, field);
            if (place >= 0)
            {
                values[place] = value.ToArray();
            }
        }

        return Key!.ToLiterals(values);
    }

    /// <summary>Reads the key of the n-th row of a chunk, for <see cref="ChunkKey.ToLiterals(TextRow)"/>: no row when the chunk has less.</summary>
    /// <param name="chunk">Scope and range.</param>
    /// <param name="row">Place of the row in key order, from 1.</param>
    public string SelectBound(ChunkRecord chunk, long row) =>
        Key is null
            ? throw new InvalidOperationException("A table without a key has no bounds.")
            : string.Create(CultureInfo.InvariantCulture, $"SELECT {Key.Bound}{Range(Key, chunk)} LIMIT 1 OFFSET {row - 1}");

    /// <summary>Reads the lowest and the highest value of a key that <see cref="ChunkKey.IsCountable"/>: NULL without rows.</summary>
    /// <param name="partition">Partition to look in; null for all.</param>
    public string SelectEnds(string? partition)
    {
        var key = Countable();
        return $"SELECT MIN({key.Bound}),MAX({key.Bound}){From(partition)} {key.ForceIndex}";
    }

    /// <summary>Asks how many rows the server estimates in a range of a key that <see cref="ChunkKey.IsCountable"/>. It looks where the range begins and ends in the index, at a few pages.</summary>
    public string Estimate(ChunkRecord range)
    {
        var key = Countable();
        return $"EXPLAIN FORMAT=TRADITIONAL SELECT {key.Bound}{From(range.Scope?.Partition)} {key.UseIndex}{key.Where(range.Scope, range.Lower, range.Upper)}";
    }

    /// <summary>Reads the whole table in the order that the server likes best.</summary>
    public string SelectAll() => _query.Of(_from);

    /// <summary>Selects the combinations of values that the key's first fixed columns have, for <see cref="ChunkKey.ToFixed"/>.</summary>
    /// <param name="partition">Partition to look in; null for all.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="limit">Most combinations.</param>
    public string SelectFixed(string? partition, int columns, int limit) =>
        Key?.SelectFixed(From(partition), columns, limit) ?? throw new InvalidOperationException("A table without a key has no fixed columns.");

    private ChunkKey Countable() => Key is { IsCountable: true } ? Key : throw new InvalidOperationException("The key of this table cannot be counted.");

    private string Range(ChunkKey key, ChunkRecord chunk) =>
        $"{From(chunk.Scope?.Partition)} {key.ForceIndex}{key.Where(chunk.Scope, chunk.Lower, chunk.Upper)}{key.OrderBy(chunk.Scope, chunk.Lower, chunk.Upper)}";

    private string From(string? partition) => partition is null ? _from : $"{_from} PARTITION ({SqlText.Name(partition)})";

    // Generated columns are not read, and some are read as an expression: a key with one of these cannot be told from a row.
    private static int[]? KeyFields(IReadOnlyList<CopyColumn> columns, ChunkKey? key, int probeFields)
    {
        var places = key?.Columns.Select(k => columns.TakeWhile(c => c.Name != k.Name || c.Select != k.Select).Count()).ToArray();
        return places is null || places.Contains(columns.Count) ? null : [.. places.Select(p => p + probeFields)];
    }

    private static DtsMigrateException Differs(TableRoute route, string how) =>
        new("DestinationTableDiffers", $"Table {route.Destination} on the destination {how}; rows of {route.Source} do not fit.")
        {
            Target = route.Destination.ToString(),
            RecommendedAction = "Give it the definition that the source has, or let the schema migration create it.",
        };

    private static string BuildLoad(QualifiedName destination, IReadOnlyList<CopyColumn> columns, bool replaces)
    {
        var fields = new StringBuilder();
        var set = new StringBuilder();
        for (int i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            fields.Append(i == 0 ? string.Empty : ",");
            if (column.LoadSet is { } expression)
            {
                string variable = $"@c{i}";
                fields.Append(variable);
                set.Append(set.Length == 0 ? " SET " : ",").Append(column.Name).Append('=').Append(expression(variable));
            }
            else
            {
                fields.Append(column.Name);
            }
        }

        return $"LOAD DATA LOCAL INFILE 'dtsmigrate' {(replaces ? "REPLACE " : string.Empty)}INTO TABLE {destination.ToSql()} CHARACTER SET binary "
            + @"FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n' "
            + $"({fields}){set}";
    }
}
