using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Reads TABLE_MAP events (19), types and metadata resolved.</summary>
/// <remarks>MySQL source documentation, "Table_map_event".</remarks>
internal static class TableMapEventParser
{
    /// <summary>MAX_FIELDS of the server; more columns than this are not a table.</summary>
    public const int MaximumColumns = 4096;

    /// <summary>Reads what follows the table id and flags.</summary>
    public static TableMapEvent Parse(ref EventReader reader, ulong tableId, in BinlogEventHeader header, BinlogCoordinate end)
    {
        string database = Name(ref reader);
        string table = Name(ref reader);
        int count = reader.PackedLength("the number of columns");
        if (count > MaximumColumns)
        {
            throw new MySqlProtocolException($"{count} columns; a table has at most {MaximumColumns}");
        }

        TableMapColumnBuilder[] columns = new TableMapColumnBuilder[count];
        ReadOnlySpan<byte> types = reader.Bytes(count);
        EventReader metadata = new(reader.Bytes(reader.PackedLength("the metadata's length")));
        for (int i = 0; i < count; i++)
        {
            columns[i] = ColumnMetadata.Read(types[i], ref metadata);
        }

        if (metadata.Remaining != 0)
        {
            throw new MySqlProtocolException($"{metadata.Remaining} bytes of column metadata are left over");
        }

        ReadOnlySpan<byte> nullable = reader.Bytes((count + 7) / 8);
        for (int i = 0; i < count; i++)
        {
            columns[i].IsNullable = (nullable[i >> 3] & (1 << (i & 7))) != 0;
        }

        OptionalMetadata.Read(ref reader, columns);
        return new TableMapEvent
        {
            Header = header,
            End = end,
            TableId = tableId,
            Database = database,
            Table = table,
            Columns = Array.ConvertAll(columns, static column => column.Build()),
        };
    }

    private static string Name(ref EventReader reader)
    {
        string name = reader.Utf8(reader.PackedLength("a name's length"));
        return reader.UInt8() == 0 ? name : throw new MySqlProtocolException("no zero byte after a name");
    }
}
