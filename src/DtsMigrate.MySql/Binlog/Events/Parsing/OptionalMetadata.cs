using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Reads the optional metadata of a table map: type, length, value; unknown types are skipped.</summary>
/// <remarks>
/// MySQL source documentation, "Table_map_event optional metadata types". Keys, member names, geometry kinds and vector sizes are
/// passed over: the definition is read from the source's dictionary, which has them always and not only with binlog_row_metadata=FULL.
/// </remarks>
internal static class OptionalMetadata
{
    private const byte Signedness = 1;
    private const byte DefaultCharset = 2;
    private const byte ColumnCharset = 3;
    private const byte ColumnName = 4;
    private const byte EnumAndSetDefaultCharset = 10;
    private const byte EnumAndSetColumnCharset = 11;
    private const byte ColumnVisibility = 12;

    public static void Read(ref EventReader reader, Span<TableMapColumnBuilder> columns)
    {
        while (reader.Remaining > 0)
        {
            byte type = reader.UInt8();
            EventReader value = new(reader.Bytes(reader.PackedLength("the length of a metadata field")));
            switch (type)
            {
                case Signedness:
                    ReadSignedness(ref value, columns);
                    break;
                case DefaultCharset:
                    ReadDefaultCharset(ref value, columns, BinlogColumnType.IsCharacter);
                    break;
                case ColumnCharset:
                    ReadColumnCharsets(ref value, columns, BinlogColumnType.IsCharacter);
                    break;
                case ColumnName:
                    foreach (ref TableMapColumnBuilder column in columns)
                    {
                        column.Name = value.Utf8(value.UInt8());
                    }

                    break;
                case EnumAndSetDefaultCharset:
                    ReadDefaultCharset(ref value, columns, BinlogColumnType.IsEnumOrSet);
                    break;
                case EnumAndSetColumnCharset:
                    ReadColumnCharsets(ref value, columns, BinlogColumnType.IsEnumOrSet);
                    break;
                case ColumnVisibility:
                    ReadVisibility(ref value, columns);
                    break;
            }
        }
    }

    /// <summary>One bit per numeric column, highest bit first.</summary>
    private static void ReadSignedness(ref EventReader value, Span<TableMapColumnBuilder> columns)
    {
        ReadOnlySpan<byte> bits = value.Rest();
        int index = 0;
        foreach (ref TableMapColumnBuilder column in columns)
        {
            if (BinlogColumnType.IsNumeric(column.Type))
            {
                column.IsUnsigned = Bit(bits, index++);
            }
        }

        if (bits.Length != (index + 7) / 8)
        {
            throw new MySqlProtocolException($"{bits.Length} bytes of signedness for {index} numeric columns");
        }
    }

    private static void ReadVisibility(ref EventReader value, Span<TableMapColumnBuilder> columns)
    {
        ReadOnlySpan<byte> bits = value.Rest();
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i].IsVisible = Bit(bits, i);
        }
    }

    /// <summary>One collation for most columns, then pairs of column index (counted among the matching columns) and collation.</summary>
    private static void ReadDefaultCharset(ref EventReader value, Span<TableMapColumnBuilder> columns, Func<byte, bool> matches)
    {
        int common = Collation(ref value);
        foreach (ref TableMapColumnBuilder column in columns)
        {
            if (matches(column.Type))
            {
                column.CollationId = common;
            }
        }

        int at = -1, index = -1;
        while (value.Remaining > 0)
        {
            ulong wanted = value.PackedInteger();
            int collation = Collation(ref value);

            // Pairs come in rising order, so one pass over the columns serves them all.
            while (at < columns.Length && (index < 0 || (ulong)index < wanted))
            {
                at++;
                index += at < columns.Length && matches(columns[at].Type) ? 1 : 0;
            }

            if (at >= columns.Length || (ulong)index != wanted)
            {
                throw new MySqlProtocolException($"a character set for character column {wanted}, which does not exist");
            }

            columns[at].CollationId = collation;
        }
    }

    private static void ReadColumnCharsets(ref EventReader value, Span<TableMapColumnBuilder> columns, Func<byte, bool> matches)
    {
        foreach (ref TableMapColumnBuilder column in columns)
        {
            if (matches(column.Type))
            {
                column.CollationId = Collation(ref value);
            }
        }

        // Left-over bytes mean that the server counts other columns than we do: every collation after the first such column would be wrong.
        if (value.Remaining > 0)
        {
            throw new MySqlProtocolException("more character sets than character columns");
        }
    }

    private static int Collation(ref EventReader value)
    {
        ulong id = value.PackedInteger();
        return id <= ushort.MaxValue ? (int)id : throw new MySqlProtocolException($"collation id {id}");
    }

    private static bool Bit(ReadOnlySpan<byte> bits, int index) =>
        index >> 3 < bits.Length
            ? (bits[index >> 3] & (0x80 >> (index & 7))) != 0
            : throw new MySqlProtocolException("a bit list of the optional metadata is too short");
}
