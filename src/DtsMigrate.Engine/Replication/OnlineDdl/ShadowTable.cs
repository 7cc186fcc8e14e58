using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;

namespace DtsMigrate.Engine.Replication.OnlineDdl;

/// <summary>
/// A shadow table of the source, followed from its creation without its rows being kept anywhere: what it looks like, how it came to that, and the sum of its rows.
/// </summary>
internal sealed class ShadowTable : IDisposable
{
    private readonly RowHasher _hasher;
    private readonly RowsReader _reader = new();
    private TableMapEvent? _checked;

    /// <summary>Creates it.</summary>
    public ShadowTable(QualifiedName name, int version, TableDefinition definition, IReadOnlyList<ShadowStatement> statements)
    {
        Name = name;
        Version = version;
        Definition = definition;
        Statements = statements;
        _hasher = new RowHasher(definition);
    }

    /// <summary>Name on the source.</summary>
    public QualifiedName Name { get; }

    /// <summary>How many models it has had.</summary>
    public int Version { get; }

    /// <summary>The empty table of the destination that looks like it.</summary>
    public QualifiedName Model => Definition.Name;

    /// <summary>The model's definition.</summary>
    public TableDefinition Definition { get; }

    /// <summary>What was done to it since it was created, in order.</summary>
    public IReadOnlyList<ShadowStatement> Statements { get; }

    /// <summary>Its rows.</summary>
    public RowSum Sum { get; set; }

    /// <summary>Why its rows cannot be compared; null while they can.</summary>
    public string? Reason { get; set; }

    /// <summary>Rows have changed since it was written to the checkpoint.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Takes changes of its rows.</summary>
    /// <param name="rows">Event.</param>
    /// <param name="check">Compares table maps.</param>
    public void Add(RowsEvent rows, TableMapCheck check)
    {
        if (Reason is not null)
        {
            return;
        }

        IsDirty = true;
        if (!ReferenceEquals(_checked, rows.Table))
        {
            Reason = check.Difference(Definition, rows.Table) is { } difference ? $"its rows in the binary log do not fit what is known of it ({difference})" : null;
            _checked = rows.Table;
        }

        if (Reason is null && !(HasAll(rows.BeforeColumns.Span, rows.Kind != RowChangeKind.Insert) && HasAll(rows.AfterColumns.Span, rows.Kind != RowChangeKind.Delete)))
        {
            Reason = "its rows in the binary log lack columns";
        }

        if (Reason is not null)
        {
            return;
        }

        var sum = Sum;
        _reader.Reset(rows);
        while (_reader.Read())
        {
            UInt128 before = default;
            UInt128 after = default;
            if ((rows.Kind != RowChangeKind.Insert && !_hasher.TryHash(_reader.Before, rows.Table, out before))
                || (rows.Kind != RowChangeKind.Delete && !_hasher.TryHash(_reader.After, rows.Table, out after)))
            {
                Reason = "a JSON document holds values whose types its text does not tell";
                return;
            }

            sum = rows.Kind == RowChangeKind.Insert ? sum : sum.Minus(before);
            sum = rows.Kind == RowChangeKind.Delete ? sum : sum.Plus(after);
        }

        Sum = sum;
    }

    /// <inheritdoc/>
    public void Dispose() => _hasher.Dispose();

    private bool HasAll(ReadOnlySpan<byte> present, bool isNeeded)
    {
        for (int i = 0; isNeeded && i < Definition.Columns.Count; i++)
        {
            if ((present[i >> 3] & (1 << (i & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }
}
