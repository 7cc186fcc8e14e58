using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Binlog.Events.Parsing;

/// <summary>Resolves the type byte and the metadata bytes of one column of a table map.</summary>
internal static class ColumnMetadata
{
    public static TableMapColumnBuilder Read(byte type, ref EventReader metadata)
    {
        switch (type)
        {
            case BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong
                or BinlogColumnType.Year or BinlogColumnType.Date or BinlogColumnType.NewDate or BinlogColumnType.Time
                or BinlogColumnType.DateTime or BinlogColumnType.Timestamp or BinlogColumnType.Null:
                return Column(type, 0);
            case BinlogColumnType.Float:
                return Column(type, InRange(metadata.UInt8(), 4, 4, type));
            case BinlogColumnType.Double:
                return Column(type, InRange(metadata.UInt8(), 8, 8, type));
            case BinlogColumnType.Timestamp2 or BinlogColumnType.DateTime2 or BinlogColumnType.Time2:
                return Column(type, InRange(metadata.UInt8(), 0, 6, type));
            case BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob or BinlogColumnType.Blob
                or BinlogColumnType.Json or BinlogColumnType.Geometry or BinlogColumnType.Vector:
                return Column(type, InRange(metadata.UInt8(), 1, 4, type));
            case BinlogColumnType.VarChar:
                return Column(type, metadata.UInt16());
            case BinlogColumnType.Bit:
                int extraBits = InRange(metadata.UInt8(), 0, 7, type);
                return Column(type, InRange((metadata.UInt8() * 8) + extraBits, 1, 64, type));
            case BinlogColumnType.NewDecimal:
                int precision = InRange(metadata.UInt8(), 1, 65, type);
                return Column(type, (precision << 8) | InRange(metadata.UInt8(), 0, Math.Min(30, precision), type));
            case BinlogColumnType.String or BinlogColumnType.VarString or BinlogColumnType.Enum or BinlogColumnType.Set:
                return StringOrEnum(metadata.UInt8(), metadata.UInt8());
            default:
                throw new MySqlProtocolException($"column type {type} is not known or cannot be in a table map");
        }
    }

    /// <summary>
    /// CHAR, ENUM and SET share a type. The first byte is the real type; for a CHAR of more than 255 bytes its bits 0x30, which all real types
    /// have set, carry the inverted bits 8 and 9 of the length.
    /// </summary>
    private static TableMapColumnBuilder StringOrEnum(byte realType, byte length)
    {
        if ((realType & 0x30) != 0x30)
        {
            return (realType | 0x30) == BinlogColumnType.String
                ? Column(BinlogColumnType.String, length | (((realType & 0x30) ^ 0x30) << 4))
                : throw new MySqlProtocolException($"string column of real type {realType}");
        }

        return realType switch
        {
            BinlogColumnType.Enum => Column(realType, InRange(length, 1, 2, realType)),
            BinlogColumnType.Set => Column(realType, InRange(length, 1, 8, realType)),
            BinlogColumnType.String or BinlogColumnType.VarString => Column(realType, length),
            _ => throw new MySqlProtocolException($"string column of real type {realType}"),
        };
    }

    private static TableMapColumnBuilder Column(byte type, int metadata) => new() { Type = type, Metadata = metadata };

    private static int InRange(int value, int low, int high, byte type) =>
        value >= low && value <= high
            ? value
            : throw new MySqlProtocolException($"metadata {value} of a column of type {type} is not in {low} .. {high}");
}
