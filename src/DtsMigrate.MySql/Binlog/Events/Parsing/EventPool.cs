using System.Numerics;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>
/// What events are made of that come in numbers, used again after <see cref="BinlogEvent.Release"/>: rows events, table maps that repeat an earlier one, and
/// the bytes of rows, which many events share a block of. What is never released is left to the garbage collector. One thread takes, any thread gives back.
/// </summary>
internal sealed class EventPool
{
    private const int BlockBytes = 128 << 10;
    private const int FirstBlockBytes = 16 << 10;

    /// <summary>Larger events have a block of their own, or much of one would be wasted on them.</summary>
    private const int LargestInBlock = BlockBytes / 4;

    /// <summary>Larger blocks are not kept.</summary>
    private const int LargestBlock = 4 << 20;

    private const long MostBytes = 16 << 20;
    private const int MostEvents = 8192;

    private readonly Lock _lock = new();

    // By the logarithm of their size, which is a power of two.
    private readonly Stack<EventBlock>?[] _blocks = new Stack<EventBlock>?[BitOperations.Log2(LargestBlock) + 1];
    private readonly Stack<RowsEvent> _rows = new();
    private readonly Stack<TableMapEvent> _maps = new();
    private EventBlock? _open;
    private long _bytes;

    /// <summary>Keeps the bytes of an event until its block is released.</summary>
    public Memory<byte> Keep(ReadOnlySpan<byte> bytes, out EventBlock block)
    {
        if (bytes.Length > LargestInBlock)
        {
            block = Take(bytes.Length);
            var kept = block.Append(bytes);
            block.Release();
            return kept;
        }

        if (_open is null || _open.Room < bytes.Length)
        {
            // A short log, or what is left of one, needs little.
            int size = _open is null && bytes.Length <= FirstBlockBytes ? FirstBlockBytes : BlockBytes;
            _open?.Release();
            _open = Take(size);
        }

        block = _open;
        return block.Append(bytes);
    }

    /// <summary>An event to be filled.</summary>
    public RowsEvent TakeRows(TableMapEvent table)
    {
        lock (_lock)
        {
            if (_rows.TryPop(out var used))
            {
                return used;
            }
        }

        return new RowsEvent
        {
            Header = default,
            End = default,
            Kind = default,
            Table = table,
            RowsFlags = 0,
            BeforeColumns = default,
            AfterColumns = default,
            Rows = default,
            Pool = this,
        };
    }

    /// <summary>An event to be filled.</summary>
    public TableMapEvent TakeMap(TableMapEvent original)
    {
        lock (_lock)
        {
            if (_maps.TryPop(out var used))
            {
                return used;
            }
        }

        return new TableMapEvent
        {
            Header = default,
            End = default,
            TableId = original.TableId,
            Database = original.Database,
            Table = original.Table,
            Columns = original.Columns,
            Pool = this,
        };
    }

    /// <summary>Nobody holds the block.</summary>
    public void Return(EventBlock block)
    {
        int size = block.Bytes.Length;
        lock (_lock)
        {
            if (size <= LargestBlock && _bytes + size <= MostBytes)
            {
                (_blocks[BitOperations.Log2((uint)size)] ??= new()).Push(block);
                _bytes += size;
            }
        }
    }

    /// <summary>Nobody uses the event.</summary>
    public void Return(RowsEvent rows) => Return(_rows, rows, MostEvents);

    /// <summary>Nobody uses the event.</summary>
    public void Return(TableMapEvent map) => Return(_maps, map, MostEvents);

    private EventBlock Take(int length)
    {
        if (length > LargestBlock)
        {
            return new EventBlock(this, length);
        }

        int size = (int)BitOperations.RoundUpToPowerOf2((uint)length);
        EventBlock? used = null;
        lock (_lock)
        {
            if (_blocks[BitOperations.Log2((uint)size)]?.TryPop(out used) == true)
            {
                _bytes -= size;
            }
        }

        used?.Renew();
        return used ?? new EventBlock(this, size);
    }

    private void Return<T>(Stack<T> free, T item, int most)
    {
        lock (_lock)
        {
            if (free.Count < most)
            {
                free.Push(item);
            }
        }
    }
}
