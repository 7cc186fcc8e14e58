using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Sql;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Schema.StoredObjects;

public sealed class StoredObjectRewriterTests
{
    private static readonly NameMap Mapping = new(
        t => t.Database == "shop" ? new QualifiedName("store", t.Name == "orders" ? "sales" : t.Name) : t,
        d => d == "shop" ? "store" : d);

    [Theory]
    [InlineData(
        "CREATE ALGORITHM=MERGE DEFINER=`a``b`@`%` SQL SECURITY DEFINER VIEW `shop`.`v` (`DEFINER`) AS select `shop`.`orders`.`id` AS `orders` from `shop`.`orders`",
        "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `store`.`v` (`DEFINER`) AS select `store`.`sales`.`id` AS `orders` from `store`.`sales`")]
    [InlineData(
        "create view v as select 1 from orders",
        "create SQL SECURITY INVOKER view `store`.`v` as select 1 from `sales`")]
    [InlineData(
        "CREATE DEFINER=CURRENT_USER() FUNCTION shop.f(x enum(')', 'SQL SECURITY')) RETURNS varchar(5) CHARSET latin1 COLLATE latin1_bin\n    DETERMINISTIC\n    COMMENT 'orders'\nRETURN (SELECT 'orders' FROM orders)",
        "CREATE FUNCTION `store`.`f`(x enum(')', 'SQL SECURITY')) RETURNS varchar(5) CHARSET latin1 COLLATE latin1_bin\n    DETERMINISTIC\n    SQL SECURITY INVOKER\n    COMMENT 'orders'\nRETURN (SELECT 'orders' FROM `sales`)")]
    [InlineData(
        "CREATE PROCEDURE `p`()\nBEGIN CALL shop.q(); /* orders */ DELETE FROM orders; END",
        "CREATE PROCEDURE `store`.`p`()\n    SQL SECURITY INVOKER\nBEGIN CALL `store`.q(); /* orders */ DELETE FROM `sales`; END")]
    [InlineData(
        "CREATE PROCEDURE p() SQL SECURITY DEFINER NO SQL SELECT 1",
        "CREATE PROCEDURE `store`.`p`() SQL SECURITY INVOKER NO SQL SELECT 1")]
    [InlineData(
        "CREATE FUNCTION f() RETURNS double unsigned LANGUAGE JAVASCRIPT USING (lib AS l) AS $$ return 'orders `; $$",
        "CREATE FUNCTION `store`.`f`() RETURNS double unsigned LANGUAGE JAVASCRIPT USING (lib AS l)\n    SQL SECURITY INVOKER AS $$ return 'orders `; $$")]
    public void Definer_goes_and_security_becomes_the_invokers(string sql, string expected) =>
        Assert.Equal(expected, new StoredObjectRewriter(Mapping, DefinerMode.Destination, CollationMap.None).Rewrite(sql, SqlSyntax.Default, "shop", StoredObjectForm.Final));

    [Theory]
    [InlineData("CREATE DEFINER='a'@localhost SQL SECURITY DEFINER VIEW v AS select 1", "CREATE DEFINER='a'@localhost SQL SECURITY DEFINER VIEW `store`.`v` AS select 1")]
    [InlineData("CREATE DEFINER=a PROCEDURE p()\nSELECT 1", "CREATE DEFINER=a PROCEDURE `store`.`p`()\nSELECT 1")]
    [InlineData("CREATE DEFINER=`a`@`b` TRIGGER shop.tr before  insert on shop.orders for each row\n follows x set @a = 1", "CREATE DEFINER=`a`@`b` TRIGGER `store`.`tr` BEFORE INSERT ON `store`.`sales` FOR EACH ROW set @a = 1")]
    public void Definer_and_security_stay_where_they_are_to_be_kept(string sql, string expected) =>
        Assert.Equal(expected, new StoredObjectRewriter(Mapping, DefinerMode.Keep, CollationMap.None).Rewrite(sql, SqlSyntax.Default, "shop", StoredObjectForm.Final));

    [Theory]
    [InlineData("CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ON COMPLETION PRESERVE ENABLE COMMENT 'DO' DO SELECT 1", "DISABLE")]
    [InlineData("CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ON COMPLETION PRESERVE DISABLE ON SLAVE COMMENT 'DO' DO SELECT 1", "DISABLE ON SLAVE")]
    [InlineData("CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ON COMPLETION PRESERVE COMMENT 'DO' DO SELECT 1", "DISABLE")]
    public void Events_are_disabled_for_the_time_of_the_migration(string sql, string state) =>
        Assert.Equal(
            $"CREATE EVENT `store`.`e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' ON COMPLETION PRESERVE {state} COMMENT 'DO' DO SELECT 1",
            new StoredObjectRewriter(Mapping, DefinerMode.Destination, CollationMap.None).Rewrite(sql, SqlSyntax.Default, "shop", StoredObjectForm.Interim));

    [Fact]
    public void Triggers_get_a_guard_that_can_be_told_and_taken_off()
    {
        const string Body = "BEGIN SET NEW.a = 1; END -- it ends";
        string sql = new StoredObjectRewriter(Mapping, DefinerMode.Destination, CollationMap.None).Rewrite($"CREATE TRIGGER tr AFTER DELETE ON orders FOR EACH ROW {Body}", SqlSyntax.Default, "shop", StoredObjectForm.Interim);

        Assert.Equal($"CREATE TRIGGER `store`.`tr` AFTER DELETE ON `store`.`sales` FOR EACH ROW BEGIN IF @dts_migrate_writer IS NULL THEN\n{Body}\n;END IF; END", sql);
        string guarded = sql[(sql.IndexOf("ROW ", StringComparison.Ordinal) + 4)..];
        Assert.True(TriggerGuard.IsOn(guarded));
        Assert.False(TriggerGuard.IsOn(Body));
        Assert.Equal(Body, TriggerGuard.Remove(guarded));
        Assert.Equal(Body, TriggerGuard.Remove(Body));
    }

    [Fact]
    public void Double_quotes_make_names_where_the_objects_mode_says_so()
    {
        var rewriter = new StoredObjectRewriter(Mapping, DefinerMode.Destination, CollationMap.None);
        Assert.Equal(
            "CREATE PROCEDURE `store`.`p`()\n    SQL SECURITY INVOKER\nSELECT \"a\\\" FROM `sales`",
            rewriter.Rewrite("CREATE DEFINER=\"root\"@\"localhost\" PROCEDURE \"p\"()\nSELECT \"a\\\" FROM \"orders\"", SqlSyntax.AnsiQuotes | SqlSyntax.NoBackslashEscapes, "shop", StoredObjectForm.Final));
    }

    [Theory]
    [InlineData("CREATE TABLE t (a int)")]
    [InlineData("CREATE PROCEDURE p")]
    [InlineData("CREATE EVENT e ON SCHEDULE EVERY 1 DAY")]
    [InlineData("DROP VIEW v")]
    [InlineData("CREATE TRIGGER t BEFORE INSERT ON x")]
    public void What_is_not_understood_is_an_error(string sql)
    {
        var error = Assert.Throws<DtsMigrateException>(() => new StoredObjectRewriter(Mapping, DefinerMode.Destination, CollationMap.None).Rewrite(sql, SqlSyntax.Default, "shop", StoredObjectForm.Final));
        Assert.Equal("SqlNotUnderstood", error.Code);
    }

    [Fact]
    public void Views_come_behind_the_views_that_they_read_and_circles_end()
    {
        StoredObject[] views = [View("a", "b", "c"), View("b", "c"), View("c"), View("x", "y"), View("y", "x"), View("d", "a")];
        string order = string.Concat(ViewOrder.Sort(views, StringComparer.Ordinal).Select(v => v.Name.Name));
        Assert.Equal("cbayxd", order);
    }

    [Fact]
    public void Modes_that_the_destination_does_not_have_any_more_are_left_out()
    {
        Assert.Equal("ANSI_QUOTES,STRICT_ALL_TABLES", SqlModeList.For(new MySql.Session.ServerVersion(8, 4, 0, "8.4.0"), "ANSI_QUOTES,STRICT_ALL_TABLES,NO_AUTO_CREATE_USER"));
        Assert.Equal("ANSI_QUOTES,NO_AUTO_CREATE_USER", SqlModeList.For(new MySql.Session.ServerVersion(5, 7, 44, "5.7.44"), "ANSI_QUOTES,NO_AUTO_CREATE_USER"));
    }

    private static StoredObject View(string name, params string[] reads) => new()
    {
        Kind = StoredObjectKind.View,
        Name = new QualifiedName("d", name),
        CreateSql = $"CREATE VIEW `d`.`{name}` AS select 1" + string.Concat(reads.Select(r => $" from `d`.`{r}`")),
    };
}
