namespace DtsMigrate.MySql.Binlog.Events;

/// <summary>A column of a TABLE_MAP, real type and metadata resolved.</summary>
public sealed record TableMapColumn
{
    /// <summary>Real type: enum_field_types, with STRING resolved to ENUM (247) or SET (248) where it is one.</summary>
    public required byte Type { get; init; }

    /// <summary>Type metadata, as in the event but resolved: length for CHAR/BINARY/VARCHAR (bytes), precision&lt;&lt;8|scale for DECIMAL, fraction digits for temporal types, length bytes for BLOB/JSON/GEOMETRY/VECTOR, pack length for ENUM/SET, bits for BIT.</summary>
    public required int Metadata { get; init; }

    /// <summary>NULL is allowed.</summary>
    public required bool IsNullable { get; init; }

    /// <summary>UNSIGNED, from the optional metadata; null when the event does not say (5.7).</summary>
    public bool? IsUnsigned { get; init; }

    /// <summary>Collation id of a character, ENUM or SET column; 63 is binary; null when the event does not say.</summary>
    public int? CollationId { get; init; }

    /// <summary>Name, only with binlog_row_metadata=FULL.</summary>
    public string? Name { get; init; }

    /// <summary>Visible, only with binlog_row_metadata=FULL.</summary>
    public bool? IsVisible { get; init; }
}
