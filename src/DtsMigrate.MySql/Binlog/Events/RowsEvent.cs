namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>WRITE, UPDATE or DELETE_ROWS_EVENT, version 1 or 2. Read the rows with <see cref="Values.RowsReader"/>.</summary>
public sealed class RowsEvent : BinlogEvent
{
    /// <summary>What was done.</summary>
    public required RowChangeKind Kind { get; init; }

    /// <summary>The table, as mapped when the event was written.</summary>
    public required TableMapEvent Table { get; init; }

    /// <summary>STMT_END 0x01, NO_FOREIGN_KEY_CHECKS 0x02, RELAXED_UNIQUE_CHECKS 0x04, COMPLETE_ROWS 0x08, USE_SQL_FOREIGN_KEY 0x10.</summary>
    public required ushort RowsFlags { get; init; }

    /// <summary>Columns in the before image (DELETE, UPDATE), one bit each; empty for WRITE.</summary>
    public required ReadOnlyMemory<byte> BeforeColumns { get; init; }

    /// <summary>Columns in the after image (WRITE, UPDATE), one bit each; empty for DELETE.</summary>
    public required ReadOnlyMemory<byte> AfterColumns { get; init; }

    /// <summary>The row images, back to back.</summary>
    public required ReadOnlyMemory<byte> Rows { get; init; }
}
