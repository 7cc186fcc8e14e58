namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>ROWS_QUERY_LOG_EVENT (29): the statement behind the row events, for information.</summary>
public sealed class RowsQueryEvent : BinlogEvent
{
    /// <summary>The statement text.</summary>
    public required string Sql { get; init; }
}
