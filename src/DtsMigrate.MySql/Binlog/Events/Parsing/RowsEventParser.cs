using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Reads WRITE, UPDATE and DELETE_ROWS events, version 1 (23 to 25) and 2 (30 to 32), and PARTIAL_UPDATE_ROWS (39), whose rows it completes.</summary>
/// <remarks>MySQL source documentation, "Rows_event".</remarks>
internal static class RowsEventParser
{
    /// <summary>Table id of an event that carries nothing but the end-of-statement flag.</summary>
    public const ulong DummyTableId = 0xFFFFFF;

    /// <summary>Rows flag: last event of a statement.</summary>
    public const ushort StatementEnd = 1;

    /// <summary>Reads what follows the table id and flags.</summary>
    public static RowsEvent Parse(ref EventReader reader, TableMapEvent table, ushort flags, in BinlogEventHeader header, BinlogCoordinate end, EventPool pool)
    {
        if (header.Type >= EventType.WriteRows)
        {
            // Extra data (NDB, partition ids): its length counts its own two bytes.
            int extra = reader.UInt16() - 2;
            if (extra < 0)
            {
                throw new MySqlProtocolException("the extra data is shorter than its own length field");
            }

            reader.Skip(extra);
        }

        ulong width = reader.PackedInteger();
        if (width != (ulong)table.Columns.Count)
        {
            throw new MySqlProtocolException($"{width} columns, but the table map of {table.Database}.{table.Table} has {table.Columns.Count}");
        }

        RowChangeKind kind = header.Type switch
        {
            EventType.WriteRows or EventType.WriteRowsV1 => RowChangeKind.Insert,
            EventType.UpdateRows or EventType.UpdateRowsV1 or EventType.PartialUpdateRows => RowChangeKind.Update,
            _ => RowChangeKind.Delete,
        };

        // One copy for bitmaps and rows: the caller's buffer is reused.
        int bitmap = (table.Columns.Count + 7) / 8;
        int bitmaps = kind == RowChangeKind.Update ? 2 * bitmap : bitmap;
        if (reader.Remaining < bitmaps)
        {
            throw new MySqlProtocolException("the column bitmaps are cut off");
        }

        Memory<byte> body = pool.Keep(reader.Rest(), out EventBlock block);
        RowsEvent result = pool.TakeRows(table).Renew(header, end, kind, table, flags, block);
        ReadOnlyMemory<byte> rows = header.Type == EventType.PartialUpdateRows
            ? PartialRowsWriter.Complete(table, body.Span[..bitmap], body.Span[bitmap..bitmaps], body[bitmaps..])
            : body[bitmaps..];
        return result.With(
            kind == RowChangeKind.Insert ? default : body[..bitmap],
            kind == RowChangeKind.Delete ? default : body[(bitmaps - bitmap)..bitmaps],
            rows);
    }
}
