using System.Buffers.Binary;
using DtsMigrate.Engine.Replication.Rows;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Values;

namespace DtsMigrate.Engine.Replication.Merge;

/// <summary>
/// The changes of one table in a window, one per key. Keys are compared byte by byte, which is right under every collation: an event names a row by
/// the very bytes that are stored, and so the changes of one sequence of bytes are the changes of one row after the other; that another row is equal
/// to it under the collation at another time does not matter, because all rows that vanish are deleted before any is inserted.
/// </summary>
internal sealed class MergedTable(TablePlan plan, ByteArena arena)
{
    private const int FirstRows = 16;

    private int[] _buckets = new int[FirstRows * 2];
    private MergedRow[] _rows = new MergedRow[FirstRows];
    private int[] _order = [];
    private ulong[] _orderKeys = [];
    private byte[] _key = new byte[64];
    private byte[] _beforePresent = [];
    private byte[] _afterPresent = [];
    private TableMapEvent? _map;

    /// <summary>The table.</summary>
    public TablePlan Plan { get; private set; } = plan;

    /// <summary>Keys that were changed.</summary>
    public int Count { get; private set; }

    /// <summary>Keys that there is room for, which is kept from window to window.</summary>
    public int Capacity => _rows.Length;

    /// <summary>The table was fuzzy at the window's first change of it: written as upserts.</summary>
    public bool IsFuzzy { get; private set; }

    /// <summary>The table map that images are read under.</summary>
    public TableMapEvent Map => _map!;

    /// <summary>The changes, in no order.</summary>
    public ReadOnlySpan<MergedRow> Rows => _rows.AsSpan(0, Count);

    /// <summary>Some of the rows was there before the window.</summary>
    public bool HasEarlierRows
    {
        get
        {
            foreach (ref readonly var row in Rows)
            {
                if (row.Existed)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The event's images are of the same form as those that are kept.</summary>
    public bool Fits(TablePlan table, RowsEvent rows) =>
        Count == 0
        || (ReferenceEquals(table, Plan) && HasColumnsOf(rows.Table)
            && (rows.Kind == RowChangeKind.Insert || _beforePresent.Length == 0 || rows.BeforeColumns.Span.SequenceEqual(_beforePresent))
            && (rows.Kind == RowChangeKind.Delete || _afterPresent.Length == 0 || rows.AfterColumns.Span.SequenceEqual(_afterPresent)));

    /// <summary>Prepares for the rows of an event that <see cref="Fits"/>.</summary>
    public void Begin(TablePlan table, RowsEvent rows, bool fuzzy)
    {
        if (Count == 0)
        {
            Plan = table;
            IsFuzzy = fuzzy;
            _map = rows.Table;
            _beforePresent = [];
            _afterPresent = [];
        }

        if (rows.Kind != RowChangeKind.Insert && _beforePresent.Length == 0)
        {
            _beforePresent = rows.BeforeColumns.ToArray();
        }

        if (rows.Kind != RowChangeKind.Delete && _afterPresent.Length == 0)
        {
            _afterPresent = rows.AfterColumns.ToArray();
        }
    }

    /// <summary>Merges the reader's row.</summary>
    /// <returns>False when the row cannot have been what the event says: the log and what is merged contradict each other.</returns>
    public bool Add(RowChangeKind kind, RowsReader reader, BinlogCoordinate at)
    {
        switch (kind)
        {
            case RowChangeKind.Insert:
                return Put(reader.After, reader.AfterBytes, isNew: true, at);
            case RowChangeKind.Delete:
                return Remove(reader.Before, reader.BeforeBytes, at);
            default:
                if (RowStatementWriter.KeyDiffers(Plan.Key!, reader.Before, reader.After))
                {
                    return Remove(reader.Before, reader.BeforeBytes, at) && Put(reader.After, reader.AfterBytes, isNew: true, at);
                }

                return Put(reader.After, reader.AfterBytes, isNew: false, at);
        }
    }

    /// <summary>Places of all changes, sorted about as the key's index is.</summary>
    public ReadOnlyMemory<int> Sorted()
    {
        if (_order.Length < Count)
        {
            _order = new int[_rows.Length];
            _orderKeys = new ulong[_rows.Length];
        }

        for (int i = 0; i < Count; i++)
        {
            _order[i] = i;
            _orderKeys[i] = _rows[i].Order;
        }

        Array.Sort(_orderKeys, _order, 0, Count);
        return _order.AsMemory(0, Count);
    }

    /// <summary>A hash of the key's columns that are equal only if their bytes are: keys that a server takes for the same have the same.</summary>
    public ulong PartHash(in MergedRow row)
    {
        var columns = Plan.Key!;
        if (columns.Length == 1)
        {
            return columns[0].EqualsByBytes ? row.Hash : 0;
        }

        var key = arena.Get(row.KeyAt, row.KeyLength);
        ulong hash = 0;
        foreach (var column in columns)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(key);
            if (column.EqualsByBytes)
            {
                hash = KeyHash.Of(key.Slice(sizeof(int), length), hash);
            }

            key = key[(sizeof(int) + length)..];
        }

        return hash;
    }

    /// <summary>The image of a change, valid until the reader's next use.</summary>
    public RowImage Image(in MergedRow row, RowsReader reader) =>
        reader.Load(_map!, row.Exists ? _afterPresent : _beforePresent, arena.Get(row.ImageAt, row.ImageLength));

    /// <summary>Forgets all changes.</summary>
    public void Clear()
    {
        Array.Clear(_buckets);
        Array.Clear(_rows, 0, Count);
        Count = 0;
    }

    /// <summary>Forgets all changes and gives up the room for them.</summary>
    public void Release()
    {
        _buckets = new int[FirstRows * 2];
        _rows = new MergedRow[FirstRows];
        _order = [];
        _orderKeys = [];
        Count = 0;
    }

    private bool Put(in RowImage image, ReadOnlySpan<byte> bytes, bool isNew, BinlogCoordinate at)
    {
        ref var row = ref Find(image, existed: !isNew);
        if (row.Exists == isNew && row.IsKnown && !IsFuzzy)
        {
            return false;
        }

        row.Exists = true;
        Keep(ref row, bytes, at);
        return true;
    }

    private bool Remove(in RowImage image, ReadOnlySpan<byte> bytes, BinlogCoordinate at)
    {
        ref var row = ref Find(image, existed: true);
        if (!row.Exists && row.IsKnown && !IsFuzzy)
        {
            return false;
        }

        row.Exists = false;
        Keep(ref row, bytes, at);
        return true;
    }

    private void Keep(ref MergedRow row, ReadOnlySpan<byte> bytes, BinlogCoordinate at)
    {
        // A row that changes again and again takes its room once.
        if (bytes.Length <= row.ImageRoom)
        {
            arena.Overwrite(row.ImageAt, bytes);
        }
        else
        {
            row.ImageAt = arena.Append(bytes);
            row.ImageRoom = bytes.Length;
        }

        row.ImageLength = bytes.Length;
        row.At = at;
    }

    private ref MergedRow Find(in RowImage image, bool existed)
    {
        var key = KeyOf(image);
        ulong hash = KeyHash.Of(key);
        int bucket = (int)(hash & (ulong)(_buckets.Length - 1));
        for (int i = _buckets[bucket]; i != 0; i = _rows[i - 1].Next)
        {
            ref var row = ref _rows[i - 1];
            if (row.Hash == hash && arena.Get(row.KeyAt, row.KeyLength).SequenceEqual(key))
            {
                return ref row;
            }
        }

        if (Count == _rows.Length)
        {
            Grow();
            bucket = (int)(hash & (ulong)(_buckets.Length - 1));
        }

        ref var added = ref _rows[Count++];
        added = new MergedRow
        {
            Hash = hash,
            Next = _buckets[bucket],
            KeyAt = arena.Append(key),
            KeyLength = key.Length,
            Order = OrderOf(image),
            Existed = existed,
            Exists = existed,
        };
        _buckets[bucket] = Count;
        return ref added;
    }

    private void Grow()
    {
        Array.Resize(ref _rows, _rows.Length * 2);
        _buckets = new int[_rows.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            int bucket = (int)(_rows[i].Hash & (ulong)(_buckets.Length - 1));
            _rows[i].Next = _buckets[bucket];
            _buckets[bucket] = i + 1;
        }
    }

    private ReadOnlySpan<byte> KeyOf(in RowImage image)
    {
        var columns = Plan.Key!;
        if (columns.Length == 1)
        {
            return image.GetRaw(columns[0].Index);
        }

        int length = 0;
        foreach (var column in columns)
        {
            var raw = image.GetRaw(column.Index);
            if (_key.Length - length < raw.Length + sizeof(int))
            {
                Array.Resize(ref _key, Math.Max(_key.Length * 2, length + raw.Length + sizeof(int)));
            }

            BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(length), raw.Length);
            raw.CopyTo(_key.AsSpan(length + sizeof(int)));
            length += raw.Length + sizeof(int);
        }

        return _key.AsSpan(0, length);
    }

    private ulong OrderOf(in RowImage image)
    {
        var column = Plan.Key![0];
        var raw = image.GetRaw(column.Index);
        ulong value = 0;
        if (column.IsInteger && raw.Length <= sizeof(ulong))
        {
            for (int i = raw.Length - 1; i >= 0; i--)
            {
                value = (value << 8) | raw[i];
            }

            return column.IsUnsigned ? value : value ^ (1UL << ((8 * raw.Length) - 1));
        }

        for (int i = 0; i < sizeof(ulong); i++)
        {
            value = (value << 8) | (i < raw.Length ? raw[i] : (byte)0);
        }

        return value;
    }

    private bool HasColumnsOf(TableMapEvent map)
    {
        if (ReferenceEquals(map, _map) || ReferenceEquals(map.Columns, _map!.Columns))
        {
            return true;
        }

        if (map.Columns.Count != _map.Columns.Count)
        {
            return false;
        }

        for (int i = 0; i < map.Columns.Count; i++)
        {
            if (map.Columns[i].Type != _map.Columns[i].Type || map.Columns[i].Metadata != _map.Columns[i].Metadata)
            {
                return false;
            }
        }

        return true;
    }
}
