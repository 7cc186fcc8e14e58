using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;

namespace DtsMigrate.Engine.Replication.Merge;

/// <summary>
/// Row changes merged per key: I+U=I, U+U=U, U+D=D, D+I=U, I+D=nothing; an UPDATE that changes the key is D of the old and I of the new. Holds the last
/// image of each row, in pooled memory.
/// </summary>
internal sealed class MergeWindow : IDisposable
{
    // Bookkeeping of a key, beside its bytes.
    private const int RowOverhead = 96;

    // Room for keys that tables keep for later windows, all together: about 100 bytes each. One window after the other may be of another table.
    private const int KeptRows = 300_000;

    private readonly ByteArena _arena = new();
    private readonly RowsReader _reader = new();
    private readonly Dictionary<int, MergedTable> _byNumber = [];
    private readonly List<MergedTable> _used = [];
    private readonly int _keptRows;
    private long _capacity;

    /// <summary>Creates an empty window.</summary>
    /// <param name="keptRows">Room for keys that is kept for later windows.</param>
    public MergeWindow(int keptRows = KeptRows) => _keptRows = keptRows;

    /// <summary>Keys that there is room for, in all tables together.</summary>
    public long Capacity => _capacity;

    /// <summary>Tables with changes, in the order of their first.</summary>
    public IReadOnlyList<MergedTable> Tables => _used;

    /// <summary>Nothing is in it.</summary>
    public bool IsEmpty => _used.Count == 0;

    /// <summary>Keys that were changed.</summary>
    public int Rows { get; private set; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _arena.Bytes + ((long)Rows * RowOverhead);

    /// <summary>The table's changes; null without any.</summary>
    public MergedTable? Find(TablePlan table) => _byNumber.TryGetValue(table.Number, out var merged) && merged.Count > 0 ? merged : null;

    /// <summary>Merges the rows of an event. What is held of the table must fit it: see <see cref="MergedTable.Fits"/>.</summary>
    /// <returns>How many row changes it had.</returns>
    /// <exception cref="MergeMismatchException">The event contradicts what was merged.</exception>
    public long Add(TablePlan table, RowsEvent rows, bool fuzzy)
    {
        if (!_byNumber.TryGetValue(table.Number, out var merged))
        {
            _byNumber.Add(table.Number, merged = new MergedTable(table, _arena));
            _capacity += merged.Capacity;
        }

        if (merged.Count == 0)
        {
            _used.Add(merged);
        }

        int before = merged.Count;
        int room = merged.Capacity;
        merged.Begin(table, rows, fuzzy);
        _reader.Reset(rows);
        long count = 0;
        while (_reader.Read())
        {
            count++;
            if (!merged.Add(rows.Kind, _reader, rows.End))
            {
                throw new MergeMismatchException($"A {rows.Kind} of {table.Name} at {rows.End} does not follow from what came before it.");
            }
        }

        Rows += merged.Count - before;
        _capacity += merged.Capacity - room;
        return count;
    }

    /// <summary>A table's changes have been written.</summary>
    public void Remove(MergedTable table)
    {
        Rows -= table.Count;
        if (_capacity > _keptRows)
        {
            _capacity -= table.Capacity;
            table.Release();
            _capacity += table.Capacity;
        }
        else
        {
            table.Clear();
        }

        _used.Remove(table);
        if (_used.Count == 0)
        {
            _arena.Clear();
        }
    }

    public void Dispose() => _arena.Dispose();
}
