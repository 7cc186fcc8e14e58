namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>Column type numbers of <see cref="TableMapColumn.Type"/> (enum_field_types, as the binary log uses them).</summary>
public static class BinlogColumnType
{
    /// <summary>TINYINT, BOOL.</summary>
    public const byte Tiny = 1;

    /// <summary>SMALLINT.</summary>
    public const byte Short = 2;

    /// <summary>INT.</summary>
    public const byte Long = 3;

    /// <summary>FLOAT.</summary>
    public const byte Float = 4;

    /// <summary>DOUBLE.</summary>
    public const byte Double = 5;

    /// <summary>A column that is always NULL.</summary>
    public const byte Null = 6;

    /// <summary>TIMESTAMP as stored by 5.5 and earlier.</summary>
    public const byte Timestamp = 7;

    /// <summary>BIGINT.</summary>
    public const byte LongLong = 8;

    /// <summary>MEDIUMINT.</summary>
    public const byte Int24 = 9;

    /// <summary>DATE.</summary>
    public const byte Date = 10;

    /// <summary>TIME as stored by 5.5 and earlier.</summary>
    public const byte Time = 11;

    /// <summary>DATETIME as stored by 5.5 and earlier.</summary>
    public const byte DateTime = 12;

    /// <summary>YEAR.</summary>
    public const byte Year = 13;

    /// <summary>DATE under its storage name.</summary>
    public const byte NewDate = 14;

    /// <summary>VARCHAR, VARBINARY.</summary>
    public const byte VarChar = 15;

    /// <summary>BIT.</summary>
    public const byte Bit = 16;

    /// <summary>TIMESTAMP.</summary>
    public const byte Timestamp2 = 17;

    /// <summary>DATETIME.</summary>
    public const byte DateTime2 = 18;

    /// <summary>TIME.</summary>
    public const byte Time2 = 19;

    /// <summary>Array behind a multi-valued index; hidden, never seen in a table map.</summary>
    public const byte TypedArray = 20;

    /// <summary>VECTOR.</summary>
    public const byte Vector = 242;

    /// <summary>JSON.</summary>
    public const byte Json = 245;

    /// <summary>DECIMAL.</summary>
    public const byte NewDecimal = 246;

    /// <summary>ENUM.</summary>
    public const byte Enum = 247;

    /// <summary>SET.</summary>
    public const byte Set = 248;

    /// <summary>TINYBLOB, TINYTEXT.</summary>
    public const byte TinyBlob = 249;

    /// <summary>MEDIUMBLOB, MEDIUMTEXT.</summary>
    public const byte MediumBlob = 250;

    /// <summary>LONGBLOB, LONGTEXT.</summary>
    public const byte LongBlob = 251;

    /// <summary>BLOB, TEXT; the length bytes tell the size.</summary>
    public const byte Blob = 252;

    /// <summary>CHAR under an old name.</summary>
    public const byte VarString = 253;

    /// <summary>CHAR, BINARY.</summary>
    public const byte String = 254;

    /// <summary>GEOMETRY and its kinds.</summary>
    public const byte Geometry = 255;

    /// <summary>True for types with a place in the signedness bits of a table map. YEAR has one, too.</summary>
    internal static bool IsNumeric(byte type) =>
        type is Tiny or Short or Int24 or Long or LongLong or NewDecimal or Float or Double or Year;

    /// <summary>True for types with a place in the character set lists of a table map. VECTOR, a kind of BLOB to the server, has one, too.</summary>
    internal static bool IsCharacter(byte type) => type is String or VarString or VarChar or Blob or Vector;

    /// <summary>True for ENUM and SET.</summary>
    internal static bool IsEnumOrSet(byte type) => type is Enum or Set;
}
