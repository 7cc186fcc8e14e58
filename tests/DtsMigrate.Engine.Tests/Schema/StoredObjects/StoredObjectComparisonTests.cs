using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Tests.Schema.StoredObjects;

public sealed class StoredObjectComparisonTests
{
    private const string Function = "CREATE DEFINER=`a`@`%` FUNCTION `d`.`f`(x int(11)) RETURNS ";
    private const string View = "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `d`.`v` AS ";

    [Theory]
    [InlineData(Function + "int(11)\nRETURN x", Function + "int\nRETURN x", true)]
    [InlineData(Function + "int(10) unsigned\nRETURN x", Function + "int unsigned\nRETURN x", true)]
    [InlineData(Function + "varchar(9) CHARSET utf8 COLLATE utf8_bin\nRETURN x", Function + "varchar(9) CHARSET utf8mb3 COLLATE utf8mb3_bin\nRETURN x", true)]
    [InlineData(Function + "varchar(9) CHARSET utf8\nRETURN x", Function + "varchar(8) CHARSET utf8\nRETURN x", false)]
    [InlineData(Function + "int(11)\nRETURN x", Function + "bigint\nRETURN x", false)]
    [InlineData(Function + "int(11)\nRETURN x", Function + "int\nRETURN x+1", false)]
    [InlineData(View + "select 1 AS `a` where `b`", View + "select 1 AS `a` where (0 <> `b`)", true)]
    [InlineData(View + "select 1 AS `a`", "CREATE ALGORITHM=MERGE DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW `d`.`v` AS select 1 AS `a`", false)]
    [InlineData(View + "select 1 AS `a`", "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY INVOKER VIEW `d`.`v` AS select 1 AS `a`", false)]
    public void Servers_of_different_series_are_compared_by_what_they_print_alike(string wanted, string existing, bool same)
    {
        var (left, right) = (Object(wanted), Object(existing));
        Assert.Equal(same, new StoredObjectComparison(DefinerMode.Keep, samePrinter: false).FindDifference(left, right) is null);
        Assert.NotNull(new StoredObjectComparison(DefinerMode.Keep, samePrinter: true).FindDifference(left, right));
        Assert.Null(new StoredObjectComparison(DefinerMode.Keep, samePrinter: true).FindDifference(left, left));
    }

    private static StoredObject Object(string sql) => new()
    {
        Kind = sql.Contains("FUNCTION", StringComparison.Ordinal) ? StoredObjectKind.Function : StoredObjectKind.View,
        Name = new QualifiedName("d", "x"),
        CreateSql = sql,
    };
}
