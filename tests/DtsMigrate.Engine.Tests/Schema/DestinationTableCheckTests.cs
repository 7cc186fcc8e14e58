using DtsMigrate.Engine.Schema;
using static DtsMigrate.Engine.Tests.Schema.SampleTables;

namespace DtsMigrate.Engine.Tests.Schema;

public sealed class DestinationTableCheckTests
{
    private static readonly TableDefinition Source = Table(
        "x",
        null,
        Column("id", "int(11) unsigned"),
        Column("name", "varchar(20)", "utf8", "utf8_bin", nullable: true),
        Column("total", "int", generated: true)).WithKey("PRIMARY", "id");

    [Fact]
    public void Same_types_in_the_words_of_another_version_fit()
    {
        var destination = Table(
            "x",
            null,
            Column("extra", nullable: true),
            Column("ID", "int unsigned"),
            Column("name", "varchar(20)", "utf8mb3", "utf8mb3_bin", nullable: true)).WithKey("PRIMARY", "ID");
        Assert.Empty(DestinationTableCheck.FindDifferences(Source, destination));
    }

    [Fact]
    public void Everything_that_would_lose_or_change_a_row_is_named()
    {
        var destination = Table(
            "x",
            null,
            Column("must", "int"),
            Column("name", "varchar(10)", "latin1", "latin1_bin"),
            Column("total", "int")).WithKey("u", "name");
        Assert.Equal(
            [
                "column id is missing",
                "column name has type varchar(20) on the source and varchar(10) on the destination",
                "column name has character set utf8mb3 on the source and latin1 on the destination",
                "column name may be NULL on the source and not on the destination",
                "column total is generated on the source and not generated on the destination",
                "column must is NOT NULL, has no default and does not exist on the source",
                "no unique key on (id)",
                "unique key u (name) does not exist on the source",
            ],
            DestinationTableCheck.FindDifferences(Source, destination));
    }

    [Theory]
    [InlineData("int(11)", "int")]
    [InlineData("bigint(20) unsigned", "bigint unsigned")]
    [InlineData("int(5) unsigned zerofill", "int(5) unsigned zerofill")]
    [InlineData("year(4)", "year")]
    [InlineData("varchar(11)", "varchar(11)")]
    [InlineData("enum('int(11)')", "enum('int(11)')")]
    [InlineData("geometrycollection", "geomcollection")]
    public void Types_normalise_to_one_form(string type, string expected) => Assert.Equal(expected, DestinationTableCheck.NormalizeType(type));
}
