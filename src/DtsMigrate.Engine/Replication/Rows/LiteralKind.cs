namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>How a column's values are written as SQL literals.</summary>
internal enum LiteralKind
{
    /// <summary>Digits: integers, DECIMAL, DOUBLE, YEAR, BIT and SET.</summary>
    Number,

    /// <summary>A double with exponent, assigned to FLOAT; compared widened.</summary>
    Float,

    /// <summary>A double with exponent.</summary>
    Double,

    /// <summary>The member's number; 0 is the invalid value '' and needs a lenient statement.</summary>
    Enum,

    /// <summary>Quoted text of digits and separators.</summary>
    Temporal,

    /// <summary>Quoted bytes, of a column with a character set.</summary>
    Text,

    /// <summary>Quoted bytes without character set: BINARY, VARBINARY, BLOB, VECTOR.</summary>
    Binary,

    /// <summary>Quoted bytes of SRID and WKB.</summary>
    Geometry,

    /// <summary>A JSON document.</summary>
    Json,
}
