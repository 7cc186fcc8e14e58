using DtsMigrate.MySql.Binlog.Events.Parsing;

namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>TABLE_MAP_EVENT (19): which table, and how its columns look in the row events that follow.</summary>
public sealed class TableMapEvent : BinlogEvent
{
    private ulong _tableId;
    private TableMapEvent? _original;
    private string _database = "";
    private string _table = "";
    private IReadOnlyList<TableMapColumn> _columns = [];

    /// <summary>Table id that row events refer to; valid to the end of its statement.</summary>
    public required ulong TableId
    {
        get => _tableId;
        init => _tableId = value;
    }

    /// <summary>Database name.</summary>
    public required string Database
    {
        get => _database;
        init => _database = value;
    }

    /// <summary>Table name.</summary>
    public required string Table
    {
        get => _table;
        init => _table = value;
    }

    /// <summary>The columns in order. Virtual generated columns are among them.</summary>
    public required IReadOnlyList<TableMapColumn> Columns
    {
        get => _columns;
        init => _columns = value;
    }

    /// <summary>Where the event goes when it is released; null when that does nothing.</summary>
    internal EventPool? Pool { get; init; }

    /// <inheritdoc/>
    public override void Release()
    {
        if (Pool is not null && Interlocked.Exchange(ref _original, null) is not null)
        {
            Pool.Return(this);
        }
    }

    /// <summary>Becomes a repetition of another table map, at another place.</summary>
    internal TableMapEvent Repeat(TableMapEvent original, in BinlogEventHeader header, BinlogCoordinate end)
    {
        Renew(header, end);
        (_original, _tableId, _database, _table, _columns) = (original, original.TableId, original.Database, original.Table, original.Columns);
        return this;
    }
}
