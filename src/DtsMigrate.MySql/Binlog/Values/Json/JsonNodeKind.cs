namespace DtsMigrate.MySql.Binlog.Values.Json;

/// <summary>Types of nodes in JSON documents that the document's text does not tell. What JSON_TYPE calls them is the name in capitals.</summary>
public enum JsonNodeKind
{
    /// <summary>A type that this version does not know.</summary>
    Unknown = 0,

    /// <summary>DECIMAL; its text is a number.</summary>
    Decimal = 1,

    /// <summary>DATE; its text, and that of all to <see cref="Opaque"/>, is a string.</summary>
    Date = 2,

    /// <summary>TIME.</summary>
    Time = 3,

    /// <summary>DATETIME.</summary>
    DateTime = 4,

    /// <summary>TIMESTAMP.</summary>
    Timestamp = 5,

    /// <summary>Bytes; the text tells the column type.</summary>
    Blob = 6,

    /// <summary>BIT.</summary>
    Bit = 7,

    /// <summary>Any other column type.</summary>
    Opaque = 8,

    /// <summary>UNSIGNED INTEGER; its text is a number.</summary>
    UnsignedInteger = 9,

    /// <summary>A DOUBLE whose text some servers misround.</summary>
    Double = 10,
}
