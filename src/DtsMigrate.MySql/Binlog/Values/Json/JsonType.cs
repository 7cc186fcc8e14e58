namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>Type bytes of the binary JSON format.</summary>
/// <remarks>MySQL source, "json_binary.h".</remarks>
internal static class JsonType
{
    public const byte SmallObject = 0x00;
    public const byte LargeObject = 0x01;
    public const byte SmallArray = 0x02;
    public const byte LargeArray = 0x03;
    public const byte Literal = 0x04;
    public const byte Int16 = 0x05;
    public const byte UInt16 = 0x06;
    public const byte Int32 = 0x07;
    public const byte UInt32 = 0x08;
    public const byte Int64 = 0x09;
    public const byte UInt64 = 0x0A;
    public const byte Double = 0x0B;
    public const byte String = 0x0C;
    public const byte Opaque = 0x0F;

    public static bool IsContainer(byte type) => type <= LargeArray;

    public static bool IsObject(byte type) => type <= LargeObject;

    /// <summary>True when offsets and sizes have four bytes, not two.</summary>
    public static bool IsLarge(byte type) => (type & 1) != 0;
}
