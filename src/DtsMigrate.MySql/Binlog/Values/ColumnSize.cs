using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Values;

/// <summary>How many bytes a value takes in a row image: a fixed number, or a length in front.</summary>
internal static class ColumnSize
{
    /// <summary>Fixed size in bytes, or, when negative, minus the number of length bytes in front of the value.</summary>
    public static int Of(TableMapColumn column) => column.Type switch
    {
        BinlogColumnType.Null => 0,
        BinlogColumnType.Tiny or BinlogColumnType.Year => 1,
        BinlogColumnType.Short => 2,
        BinlogColumnType.Int24 or BinlogColumnType.Date or BinlogColumnType.NewDate or BinlogColumnType.Time => 3,
        BinlogColumnType.Long or BinlogColumnType.Float or BinlogColumnType.Timestamp => 4,
        BinlogColumnType.LongLong or BinlogColumnType.Double or BinlogColumnType.DateTime => 8,
        BinlogColumnType.Timestamp2 => 4 + FractionBytes(column.Metadata),
        BinlogColumnType.DateTime2 => 5 + FractionBytes(column.Metadata),
        BinlogColumnType.Time2 => 3 + FractionBytes(column.Metadata),
        BinlogColumnType.NewDecimal => DecimalText.BinarySize(column.Metadata >> 8, column.Metadata & 0xFF),
        BinlogColumnType.Enum or BinlogColumnType.Set => column.Metadata,
        BinlogColumnType.Bit => (column.Metadata + 7) / 8,
        BinlogColumnType.VarChar or BinlogColumnType.String or BinlogColumnType.VarString => column.Metadata > 255 ? -2 : -1,
        BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob or BinlogColumnType.Blob
            or BinlogColumnType.Json or BinlogColumnType.Geometry or BinlogColumnType.Vector => -column.Metadata,
        _ => throw new MySqlProtocolException($"column type {column.Type} cannot be in a row image"),
    };

    /// <summary>Bytes of a fraction of 0 to 6 digits.</summary>
    public static int FractionBytes(int digits) => (digits + 1) / 2;
}
