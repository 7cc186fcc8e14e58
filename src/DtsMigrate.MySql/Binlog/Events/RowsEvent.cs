using DtsMigrate.MySql.Binlog.Events.Parsing;

namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>WRITE, UPDATE or DELETE_ROWS_EVENT, version 1 or 2. Read the rows with <see cref="Values.RowsReader"/>.</summary>
public sealed class RowsEvent : BinlogEvent
{
    private RowChangeKind _kind;
    private TableMapEvent? _table;
    private ushort _rowsFlags;
    private ReadOnlyMemory<byte> _beforeColumns;
    private ReadOnlyMemory<byte> _afterColumns;
    private ReadOnlyMemory<byte> _rows;
    private EventBlock? _block;

    /// <summary>What was done.</summary>
    public required RowChangeKind Kind
    {
        get => _kind;
        init => _kind = value;
    }

    /// <summary>The table, as mapped by the first TABLE_MAP that was as the one of this event.</summary>
    /// <exception cref="ObjectDisposedException">The event was released.</exception>
    public required TableMapEvent Table
    {
        get => _table ?? throw new ObjectDisposedException(nameof(RowsEvent));
        init => _table = value;
    }

    /// <summary>STMT_END 0x01, NO_FOREIGN_KEY_CHECKS 0x02, RELAXED_UNIQUE_CHECKS 0x04, COMPLETE_ROWS 0x08, USE_SQL_FOREIGN_KEY 0x10.</summary>
    public required ushort RowsFlags
    {
        get => _rowsFlags;
        init => _rowsFlags = value;
    }

    /// <summary>Columns in the before image (DELETE, UPDATE), one bit each; empty for WRITE.</summary>
    public required ReadOnlyMemory<byte> BeforeColumns
    {
        get => _beforeColumns;
        init => _beforeColumns = value;
    }

    /// <summary>Columns in the after image (WRITE, UPDATE), one bit each; empty for DELETE.</summary>
    public required ReadOnlyMemory<byte> AfterColumns
    {
        get => _afterColumns;
        init => _afterColumns = value;
    }

    /// <summary>The row images, back to back.</summary>
    public required ReadOnlyMemory<byte> Rows
    {
        get => _rows;
        init => _rows = value;
    }

    /// <summary>Where the event goes when it is released; null when that does nothing.</summary>
    internal EventPool? Pool { get; init; }

    /// <inheritdoc/>
    public override void Release()
    {
        if (Pool is not null && Interlocked.Exchange(ref _block, null) is { } block)
        {
            _table = null;
            (_beforeColumns, _afterColumns, _rows) = (default, default, default);
            block.Release();
            Pool.Return(this);
        }
    }

    /// <summary>The same event with bytes of its own, to be kept beyond the release of this one.</summary>
    public RowsEvent Detach() => new()
    {
        Header = Header,
        End = End,
        Kind = _kind,
        Table = Table,
        RowsFlags = _rowsFlags,
        BeforeColumns = _beforeColumns.ToArray(),
        AfterColumns = _afterColumns.ToArray(),
        Rows = _rows.ToArray(),
    };

    /// <summary>Becomes another event.</summary>
    internal RowsEvent Renew(in BinlogEventHeader header, BinlogCoordinate end, RowChangeKind kind, TableMapEvent table, ushort rowsFlags, EventBlock block)
    {
        Renew(header, end);
        (_kind, _table, _rowsFlags, _block) = (kind, table, rowsFlags, block);
        return this;
    }

    /// <summary>Sets the bytes, which are in the block or nobody else's.</summary>
    internal RowsEvent With(ReadOnlyMemory<byte> beforeColumns, ReadOnlyMemory<byte> afterColumns, ReadOnlyMemory<byte> rows)
    {
        (_beforeColumns, _afterColumns, _rows) = (beforeColumns, afterColumns, rows);
        return this;
    }
}
