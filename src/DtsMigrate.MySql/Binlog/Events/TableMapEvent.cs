namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>TABLE_MAP_EVENT (19): which table, and how its columns look in the row events that follow.</summary>
public sealed class TableMapEvent : BinlogEvent
{
    /// <summary>Table id that row events refer to; valid to the end of its statement.</summary>
    public required ulong TableId { get; init; }

    /// <summary>Database name.</summary>
    public required string Database { get; init; }

    /// <summary>Table name.</summary>
    public required string Table { get; init; }

    /// <summary>The columns in order. Virtual generated columns are among them.</summary>
    public required IReadOnlyList<TableMapColumn> Columns { get; init; }
}
