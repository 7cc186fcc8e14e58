namespace DtsMigrate.Engine.Schema;

/// <summary>A column of a source table, from information_schema.COLUMNS.</summary>
public sealed record ColumnDefinition
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>0-based place in the table and in binlog row images.</summary>
    public required int Index { get; init; }

    /// <summary>DATA_TYPE, lower case: <c>int</c>, <c>varchar</c>, <c>json</c> ...</summary>
    public required string DataType { get; init; }

    /// <summary>COLUMN_TYPE in full: <c>bigint unsigned</c>, <c>enum('a','b')</c> ...</summary>
    public required string ColumnType { get; init; }

    /// <summary>Character set, null for types without.</summary>
    public string? Charset { get; init; }

    /// <summary>Collation, null for types without.</summary>
    public string? Collation { get; init; }

    /// <summary>NULL is allowed.</summary>
    public required bool IsNullable { get; init; }

    /// <summary>Generated, stored or virtual: never written.</summary>
    public required bool IsGenerated { get; init; }

    /// <summary>AUTO_INCREMENT.</summary>
    public bool IsAutoIncrement { get; init; }

    /// <summary>Has a default value or expression other than NULL.</summary>
    public bool HasDefault { get; init; }

    /// <summary>Invisible: must be named to be read.</summary>
    public bool IsInvisible { get; init; }

    /// <summary>UNSIGNED.</summary>
    public bool IsUnsigned => ColumnType.Contains("unsigned", StringComparison.OrdinalIgnoreCase);
}
