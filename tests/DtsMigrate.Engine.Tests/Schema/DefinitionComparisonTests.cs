using DtsMigrate.Engine.Schema;
using static DtsMigrate.Engine.Tests.Schema.SampleTables;

namespace DtsMigrate.Engine.Tests.Schema;

public sealed class DefinitionComparisonTests
{
    private static readonly ColumnDefinition Id = Column("id");

    [Fact]
    public void What_servers_print_differently_for_the_same_table_is_no_difference()
    {
        var ours = Table(
            "CREATE TABLE `t` (\n  `id` int NOT NULL,\n  `s` char(3) CHARACTER SET ascii COLLATE ascii_bin DEFAULT 'a',\n  CONSTRAINT `c` CHECK ((`s` <> _utf8mb4'x')),\n  CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `p` (`id`)\n) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin DATA DIRECTORY='/x/' COMMENT='y'",
            null,
            Id);
        var theirs = Table(
            "CREATE TABLE `other` (\n  `id` int NOT NULL,\n  `s` char(3) COLLATE ascii_bin DEFAULT 'a',\n  CONSTRAINT `c` CHECK ((`s` <> _ascii'x'))\n) ENGINE=InnoDB DEFAULT CHARSET=ascii COMMENT='y'",
            null,
            Id);
        Assert.Empty(DefinitionComparison.FindDifferences(ours, theirs, samePrinter: true));
    }

    [Theory]
    [InlineData("`id` int NOT NULL DEFAULT '1'", "ENGINE=InnoDB", "the destination lacks: `id` int NOT NULL; only the destination has: `id` int NOT NULL DEFAULT '1'")]
    [InlineData("`id` int NOT NULL", "ENGINE=InnoDB COMMENT='AUTO_INCREMENT=3'", "the destination lacks: ENGINE = InnoDB; only the destination has: ENGINE = InnoDB COMMENT = 'AUTO_INCREMENT=3'")]
    [InlineData("`id` int NOT NULL AUTO_INCREMENT", "ENGINE=InnoDB", "the destination lacks: `id` int NOT NULL; only the destination has: `id` int NOT NULL AUTO_INCREMENT")]
    public void Other_texts_are_a_difference_where_both_servers_print_alike(string column, string options, string expected)
    {
        var ours = Table("CREATE TABLE `t` (\n  `id` int NOT NULL\n) ENGINE=InnoDB AUTO_INCREMENT=3", null, Id);
        var theirs = Table($"CREATE TABLE `t` (\n  {column}\n) {options}", null, Id);
        Assert.Equal(expected, string.Join("; ", DefinitionComparison.FindDifferences(ours, theirs, samePrinter: true)));
        Assert.Empty(DefinitionComparison.FindDifferences(ours, theirs, samePrinter: false));
    }

    [Fact]
    public void Order_of_columns_and_collations_count_on_any_server()
    {
        var ours = Table("x", null, Id, Column("s", "char(3)", "utf8", "utf8_bin"));
        var theirs = Table("x", null, Column("s", "char(3)", "utf8mb3", "utf8mb3_general_ci"), Id);
        Assert.Equal(
            ["columns are (id, s) on the source and (s, id) on the destination", "column s has collation utf8_bin on the source and utf8mb3_general_ci on the destination"],
            DefinitionComparison.FindDifferences(ours, theirs, samePrinter: false));
    }
}
