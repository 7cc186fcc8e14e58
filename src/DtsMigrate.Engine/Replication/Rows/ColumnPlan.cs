using System.Text;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Replication.Rows;

/// <summary>A column as the applier writes it: its place in row images, its quoted name, the form of its literals.</summary>
internal sealed class ColumnPlan
{
    public ColumnPlan(ColumnDefinition definition)
    {
        Definition = definition;
        Index = definition.Index;
        IsUnsigned = definition.IsUnsigned;
        IsInteger = definition.DataType is "tinyint" or "smallint" or "mediumint" or "int" or "bigint";
        Kind = KindOf(definition);
        QuotedName = Encoding.UTF8.GetBytes(SqlText.Name(definition.Name));
        // utf8mb3 literals are written as utf8mb4: the server converts a constant to the column's own character set, and the old name draws a warning.
        Introducer = Encoding.ASCII.GetBytes($"_{(definition.Charset is null or "utf8" or "utf8mb3" ? "utf8mb4" : definition.Charset)} ");
    }

    public ColumnDefinition Definition { get; }

    public int Index { get; }

    public bool IsUnsigned { get; }

    /// <summary>TINYINT to BIGINT.</summary>
    public bool IsInteger { get; }

    /// <summary>Values are equal only if the bytes of their images are: no collation and no second form of the same number.</summary>
    public bool EqualsByBytes => IsInteger || Kind is LiteralKind.Temporal or LiteralKind.Binary;

    public LiteralKind Kind { get; }

    /// <summary>Name in back-ticks.</summary>
    public byte[] QuotedName { get; }

    /// <summary>Character set introducer of a literal that is compared with the column in the column's own collation.</summary>
    public byte[] Introducer { get; }

    private static LiteralKind KindOf(ColumnDefinition definition) => definition.DataType switch
    {
        "float" => LiteralKind.Float,
        "double" => LiteralKind.Double,
        "enum" => LiteralKind.Enum,
        "date" or "datetime" or "timestamp" or "time" => LiteralKind.Temporal,
        "json" => LiteralKind.Json,
        "geometry" or "point" or "linestring" or "polygon" or "multipoint" or "multilinestring" or "multipolygon" or "geomcollection" or "geometrycollection" => LiteralKind.Geometry,
        "binary" or "varbinary" or "tinyblob" or "blob" or "mediumblob" or "longblob" or "vector" => LiteralKind.Binary,
        "char" or "varchar" or "tinytext" or "text" or "mediumtext" or "longtext" => LiteralKind.Text,
        _ => LiteralKind.Number,
    };
}
