using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Sql;

namespace DtsMigrate.Engine.Tests.Schema;

public sealed class IndexComparisonTests
{
    [Theory]
    [InlineData("KEY `k` (`a`)", "KEY `k` (`a`)", "")]
    [InlineData("KEY `k` (`a`)", "KEY `K` (`a`)", "KEY `k` (`a`) is KEY `K` (`a`) there")]
    [InlineData("KEY `k` (`a`)", "KEY `k` (`a` DESC)", "KEY `k` (`a`) is KEY `k` (`a` DESC) there")]
    [InlineData("KEY `k` (`a`)", "UNIQUE KEY `k` (`a`)", "KEY `k` (`a`) is UNIQUE KEY `k` (`a`) there")]
    [InlineData("KEY `k` (`a`)", "KEY `other` (`a`)", "KEY `k` (`a`) is missing")]
    [InlineData("KEY `k` (`a`) COMMENT 'x'", "KEY `k` (`a`)", "KEY `k` (`a`) COMMENT 'x' is KEY `k` (`a`) there")]
    [InlineData("KEY `k` ((concat(`a`,_utf8mb4'x')))", "KEY `k` ((concat(`a`,_latin1'x')))", "")]
    [InlineData("KEY `k` (`a`),\n UNIQUE KEY `u` (`a`)", "KEY `more` (`a`),\n UNIQUE KEY `u` (`a`),\n KEY `k` (`a`)", "")]
    public void What_is_missing_or_different_is_named(string source, string destination, string expected) =>
        Assert.Equal(expected, string.Join("; ", IndexComparison.FindDifferences(Statement(source), Statement(destination), samePrinter: true)));

    [Theory]
    [InlineData("KEY `k` (`a`,`b`)", "KEY `k` (`a`,`b`) /*!80000 VISIBLE */", true)]
    [InlineData("KEY `k` (`a`,`b`)", "KEY `k` (`b`,`a`)", false)]
    [InlineData("KEY `k` (`a`,`b`)", "SPATIAL KEY `k` (`a`,`b`)", false)]
    [InlineData("KEY `k` (`a`,`b`)", "KEY `k` (`a`,`b` DESC)", false)]
    [InlineData("KEY `k` (`a`(10),`b`)", "KEY `k` (`a`(5),`b`)", false)]
    [InlineData("KEY `k` (`a`(10),`b`)", "KEY `k` (`a`,`b`)", false)]
    [InlineData("KEY `k` (`a`(10) DESC,`b`)", "KEY `k` (`a`(10) DESC,`b`) USING BTREE", true)]
    [InlineData("KEY `k` (`a`(10) DESC,`b`)", "KEY `k` (`a`(10),`b`)", false)]
    [InlineData("KEY `k` ((left(`a`,3)))", "KEY `k` ((left(`a`,(3))))", true)]
    public void Servers_that_print_otherwise_are_compared_by_kind_columns_order_and_prefixes(string source, string destination, bool same) =>
        Assert.Equal(same, IndexComparison.FindDifferences(Statement(source), Statement(destination), samePrinter: false).Count == 0);

    private static CreateTableStatement Statement(string keys) => CreateTableStatement.Parse($"CREATE TABLE `t` (\n  `a` int,\n  `b` int,\n  {keys}\n) ENGINE=InnoDB");
}
