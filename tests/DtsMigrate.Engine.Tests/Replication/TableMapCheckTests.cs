using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Tests.Replication;

public sealed class TableMapCheckTests
{
    private static readonly TableMapCheck Check = new(new Dictionary<int, string> { [255] = "utf8mb4_0900_ai_ci", [8] = "latin1_swedish_ci" }, Engine.Tasks.CollationMap.None);

    [Theory]
    [InlineData("int", "int", BinlogColumnType.Long, 0, null)]
    [InlineData("int", "int", BinlogColumnType.LongLong, 0, "type")]
    [InlineData("decimal", "decimal(10,2)", BinlogColumnType.NewDecimal, (10 << 8) | 2, null)]
    [InlineData("decimal", "decimal(10,2)", BinlogColumnType.NewDecimal, (10 << 8) | 3, "type")]
    [InlineData("datetime", "datetime(3)", BinlogColumnType.DateTime2, 3, null)]
    [InlineData("datetime", "datetime", BinlogColumnType.DateTime2, 3, "type")]
    [InlineData("binary", "binary(8)", BinlogColumnType.String, 8, null)]
    [InlineData("binary", "binary(8)", BinlogColumnType.String, 9, "type")]
    [InlineData("longtext", "longtext", BinlogColumnType.Blob, 4, null)]
    [InlineData("text", "text", BinlogColumnType.Blob, 4, "type")]
    [InlineData("bit", "bit(9)", BinlogColumnType.Bit, 9, null)]
    [InlineData("point", "point", BinlogColumnType.Geometry, 4, null)]
    [InlineData("enum", "enum('a')", BinlogColumnType.Set, 1, "type")]
    public void Types_are_compared_with_what_the_definition_says(string dataType, string columnType, byte type, int metadata, string? difference) =>
        AssertDifference(difference, Column(dataType, columnType), Found(type, metadata));

    [Fact]
    public void Signedness_nullability_name_and_collation_count()
    {
        AssertDifference("is unsigned", Column("int", "int"), Found(BinlogColumnType.Long, 0) with { IsUnsigned = true });
        AssertDifference(null, Column("int", "int unsigned"), Found(BinlogColumnType.Long, 0) with { IsUnsigned = true });
        AssertDifference("does not allow NULL", Column("int", "int"), Found(BinlogColumnType.Long, 0) with { IsNullable = false });
        AssertDifference("is named 'b'", Column("int", "int"), Found(BinlogColumnType.Long, 0) with { Name = "b" });
        var text = Column("varchar", "varchar(10)") with { Charset = "utf8mb4", Collation = "utf8mb4_0900_ai_ci" };
        AssertDifference(null, text, Found(BinlogColumnType.VarChar, 40) with { CollationId = 255 });
        AssertDifference("has collation latin1_swedish_ci", text, Found(BinlogColumnType.VarChar, 40) with { CollationId = 8 });
    }

    [Fact]
    public void Another_number_of_columns_is_a_difference() =>
        Assert.Contains("2 columns, not 1", Check.Difference(Table(Column("int", "int")), Map(Found(3, 0), Found(3, 0)))!, StringComparison.Ordinal);

    private static void AssertDifference(string? expected, ColumnDefinition column, TableMapColumn found)
    {
        string? difference = Check.Difference(Table(column), Map(found));
        if (expected is null)
        {
            Assert.Null(difference);
        }
        else
        {
            Assert.Contains(expected, difference!, StringComparison.Ordinal);
        }
    }

    private static ColumnDefinition Column(string dataType, string columnType) =>
        new() { Name = "a", Index = 0, DataType = dataType, ColumnType = columnType, IsNullable = true, IsGenerated = false };

    private static TableMapColumn Found(byte type, int metadata) => new() { Type = type, Metadata = metadata, IsNullable = true };

    private static TableDefinition Table(params ColumnDefinition[] columns) =>
        new() { Name = new QualifiedName("d", "t"), Columns = columns, UniqueKeys = [], Engine = "InnoDB", CreateSql = string.Empty, Hash = string.Empty };

    private static TableMapEvent Map(params TableMapColumn[] columns) => new()
    {
        Header = default,
        End = new BinlogCoordinate("b.1", 4),
        TableId = 1,
        Database = "d",
        Table = "t",
        Columns = columns,
    };
}
