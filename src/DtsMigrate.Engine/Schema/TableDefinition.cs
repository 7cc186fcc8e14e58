namespace DtsMigrate.Engine.Schema;

/// <summary>The definition of a source table as the task tracks it.</summary>
public sealed record TableDefinition
{
    /// <summary>Name on the source, as the server stores it.</summary>
    public required QualifiedName Name { get; init; }

    /// <summary>All columns in order, invisible and generated ones included (hidden functional-index columns are not).</summary>
    public required IReadOnlyList<ColumnDefinition> Columns { get; init; }

    /// <summary>Unique keys, the primary key first.</summary>
    public required IReadOnlyList<KeyDefinition> UniqueKeys { get; init; }

    /// <summary>Storage engine.</summary>
    public required string Engine { get; init; }

    /// <summary>Default collation of the table; null when the server gives none.</summary>
    public string? Collation { get; init; }

    /// <summary>SHOW CREATE TABLE.</summary>
    public required string CreateSql { get; init; }

    /// <summary>SHA-256 (hex) over what matters to copying and applying: columns, types, charsets, keys. Equal hashes mean that rows still fit.</summary>
    public required string Hash { get; init; }

    /// <summary>TABLE_ROWS: an estimate, may be off by half; for progress only.</summary>
    public long EstimatedRows { get; init; }

    /// <summary>DATA_LENGTH in bytes: an estimate.</summary>
    public long EstimatedBytes { get; init; }

    /// <summary>INDEX_LENGTH in bytes: an estimate.</summary>
    public long EstimatedIndexBytes { get; init; }

    /// <summary>CREATE_OPTIONS: <c>partitioned</c>, <c>ENCRYPTION='Y'</c> ...; empty for none.</summary>
    public string Options { get; init; } = string.Empty;

    /// <summary>The key that identifies a row: PRIMARY, else the first plain NOT NULL unique key; null when there is none.</summary>
    public KeyDefinition? IdentityKey => UniqueKeys.FirstOrDefault(k => k is { Name: "PRIMARY", IsPlain: true }) ?? UniqueKeys.FirstOrDefault(k => k is { IsPlain: true, IsNullable: false });

    /// <summary>Some unique key besides the identity key: rows may collide while a copy is fuzzy.</summary>
    public bool HasSecondaryUnique => UniqueKeys.Count > (IdentityKey is null ? 0 : 1);

    /// <summary>The columns that are written: all but generated ones.</summary>
    public IEnumerable<ColumnDefinition> WrittenColumns => Columns.Where(c => !c.IsGenerated);
}
