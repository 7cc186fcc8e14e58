namespace DtsMigrate.Engine.Browse;

/// <summary>A database or a table of a server that may be selected for a task, flat for pipelines.</summary>
public sealed record MigrationObject
{
    /// <summary>Database, Table or View.</summary>
    public required string Type { get; init; }

    /// <summary>Database.</summary>
    public required string Database { get; init; }

    /// <summary>Table or view; empty for a database.</summary>
    public string Table { get; init; } = string.Empty;

    /// <summary>Engine of a table; null otherwise.</summary>
    public string? Engine { get; init; }

    /// <summary>Estimate of the rows; of a database the sum of its tables; null for a view.</summary>
    public long? RowsEstimate { get; init; }

    /// <summary>Data and indexes in bytes, by the server's statistics; null for a view.</summary>
    public long? Bytes { get; init; }

    /// <summary>Tables of a database; null otherwise.</summary>
    public int? Tables { get; init; }

    /// <summary>A table has a primary key; null otherwise.</summary>
    public bool? HasPrimaryKey { get; init; }
}
