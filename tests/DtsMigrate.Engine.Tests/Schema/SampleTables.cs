using DtsMigrate.Engine.Schema;

namespace DtsMigrate.Engine.Tests.Schema;

/// <summary>Definitions for tests that need no server.</summary>
internal static class SampleTables
{
    public static ColumnDefinition Column(string name, string type = "int", string? charset = null, string? collation = null, bool nullable = false, bool generated = false, bool hasDefault = false) => new()
    {
        Name = name,
        Index = 0,
        DataType = type.Split('(', ' ')[0],
        ColumnType = type,
        Charset = charset,
        Collation = collation,
        IsNullable = nullable,
        IsGenerated = generated,
        HasDefault = hasDefault,
    };

    public static TableDefinition Table(string createSql, string? collation = "utf8mb4_0900_ai_ci", params ColumnDefinition[] columns) => new()
    {
        Name = new QualifiedName("shop", "t"),
        Columns = [.. columns.Select((c, i) => c with { Index = i })],
        UniqueKeys = [],
        Engine = "InnoDB",
        Collation = collation,
        CreateSql = createSql,
        Hash = "00",
    };

    public static TableDefinition WithKey(this TableDefinition table, string name, params string[] columns) => table with
    {
        UniqueKeys = [.. table.UniqueKeys, new KeyDefinition(name, [.. columns.Select(c => table.Columns.Single(x => x.Name == c))], true, false)],
    };
}
