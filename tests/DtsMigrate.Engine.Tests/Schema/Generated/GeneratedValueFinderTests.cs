using DtsMigrate.Engine.Schema.Generated;

namespace DtsMigrate.Engine.Tests.Schema.Generated;

/// <summary>Which generated values depend on more than the row's columns; expressions as servers print them.</summary>
public sealed class GeneratedValueFinderTests
{
    private const string Columns =
        "  `id` int NOT NULL,\n  `n` int DEFAULT NULL COMMENT 'GENERATED ALWAYS AS (from_unixtime(1)) STORED, ((x))',\n  `ts` timestamp NULL DEFAULT NULL,\n  `ts2` timestamp(6) NULL DEFAULT (now()),\n"
        + "  `d` date DEFAULT NULL,\n  `dt` datetime(3) DEFAULT NULL,\n  `t` time DEFAULT NULL,\n  `s` varchar(40) DEFAULT NULL,\n";

    [Theory]
    [InlineData("date", "cast(`ts` as date)", SessionInputs.TimeZone)]
    [InlineData("int", "to_seconds(`ts`)", SessionInputs.TimeZone)]
    [InlineData("varchar(40)", "concat(`ts`,_utf8mb4'')", SessionInputs.TimeZone)]
    [InlineData("tinyint", "(`ts` > _utf8mb4'2024-01-01')", SessionInputs.TimeZone)]
    [InlineData("timestamp", "`dt`", SessionInputs.TimeZone)]
    [InlineData("timestamp", "`s`", SessionInputs.TimeZone)]
    [InlineData("timestamp", "coalesce(`ts`,`ts2`)", SessionInputs.TimeZone)]
    [InlineData("datetime", "`ts`", SessionInputs.TimeZone)]
    [InlineData("datetime", "from_unixtime(`n`)", SessionInputs.TimeZone)]
    [InlineData("datetime", "convert_tz(`dt`,_utf8mb4'SYSTEM',_utf8mb4'+00:00')", SessionInputs.TimeZone)]
    [InlineData("json", "json_object(_utf8mb4'a',`ts`)", SessionInputs.TimeZone)]
    [InlineData("timestamp", "`ts`", SessionInputs.None)]
    [InlineData("datetime", "convert_tz(`dt`,_utf8mb4'+08:00',_utf8mb4'+00:00')", SessionInputs.None)]
    [InlineData("datetime", "cast(`ts` AT TIME ZONE '+00:00' as datetime)", SessionInputs.None)]
    [InlineData("tinyint", "(`ts` is null)", SessionInputs.None)]
    [InlineData("tinyint", "if((`ts` is not null),1,NULL)", SessionInputs.None)]
    [InlineData("tinyint", "isnull(`ts`)", SessionInputs.None)]
    [InlineData("date", "cast(`dt` as date)", SessionInputs.None)]
    [InlineData("varchar(80)", "concat(`s`,_utf8mb4'`ts`',_utf8mb4'from_unixtime(1)')", SessionInputs.None)]
    [InlineData("int", "(`n` + 1)", SessionInputs.None)]
    [InlineData("datetime", "cast(`t` as datetime)", SessionInputs.CurrentDate)]
    [InlineData("datetime", "`t`", SessionInputs.CurrentDate)]
    [InlineData("date", "`t`", SessionInputs.CurrentDate)]
    [InlineData("int", "timestampdiff(DAY,`t`,_utf8mb4'2020-01-01')", SessionInputs.CurrentDate)]
    [InlineData("int", "timestampdiff(DAY,`t`,`d`)", SessionInputs.CurrentDate)]
    [InlineData("tinyint", "(`t` > `dt`)", SessionInputs.CurrentDate)]
    [InlineData("datetime", "timestamp(`d`,`t`)", SessionInputs.None)]
    [InlineData("datetime", "addtime(cast(`d` as datetime),`t`)", SessionInputs.None)]
    [InlineData("datetime", "concat(`d`,_utf8mb4' ',`t`)", SessionInputs.None)]
    [InlineData("datetime", "concat(`d`,_utf8mb4' ',cast(`t` as char charset utf8mb4))", SessionInputs.None)]
    [InlineData("time", "`t`", SessionInputs.None)]
    [InlineData("int", "hour(`t`)", SessionInputs.None)]
    [InlineData("time", "(`t` + interval 1 hour)", SessionInputs.None)]
    [InlineData("varchar(20)", "date_format(`d`,_utf8mb4'%M')", SessionInputs.LocaleNames)]
    [InlineData("varchar(20)", "monthname(`d`)", SessionInputs.LocaleNames)]
    [InlineData("decimal(20,10)", "(`n` / 7)", SessionInputs.DivisionPrecision)]
    [InlineData("varbinary(99)", "aes_encrypt(`s`,_utf8mb4'k')", SessionInputs.EncryptionMode)]
    [InlineData("varchar(20)", "date_format(`ts`,_utf8mb4'%M')", SessionInputs.TimeZone | SessionInputs.LocaleNames)]
    internal void A_stored_column_depends(string type, string expression, SessionInputs inputs)
    {
        var found = Find($"{Columns}  `g` {type} GENERATED ALWAYS AS ({expression}) STORED,\n  PRIMARY KEY (`id`)");
        Assert.Equal(inputs, found.Aggregate(SessionInputs.None, (all, v) => all | v.Inputs));
        Assert.All(found, v => Assert.Equal(("`g`", "g", true, $"({expression})"), (v.Name, v.Column, v.IsStored, v.Expression)));
    }

    [Theory]
    [InlineData("PRIMARY KEY (`id`)", "", "")]
    [InlineData("PRIMARY KEY (`id`)", ",\n  CONSTRAINT `c` CHECK ((`v` > 0))", "")]
    [InlineData("PRIMARY KEY (`id`)", ",\n  KEY `k` (`n`,`v`)", "v")]
    [InlineData("PRIMARY KEY (`id`)", ",\n  KEY `k` (`w`)", "w")]
    [InlineData("PRIMARY KEY (`id`,`v`)", "", "v")]
    internal void A_virtual_column_counts_when_an_index_keeps_it(string primary, string more, string name)
    {
        var found = Find($"{Columns}  `v` date GENERATED ALWAYS AS (cast(`ts` as date)) VIRTUAL,\n  `w` int GENERATED ALWAYS AS (year(`v`)) VIRTUAL,\n  {primary}{more}");
        Assert.Equal(name.Length == 0 ? [] : [name], found.Select(f => f.Column));
        Assert.All(found, f => Assert.Equal((false, SessionInputs.TimeZone), (f.IsStored, f.Inputs)));
    }

    [Fact]
    internal void A_column_depends_by_another_generated_one()
    {
        var found = Find($"{Columns}  `w` int GENERATED ALWAYS AS (year(`v`)) STORED,\n  `v` date GENERATED ALWAYS AS (cast(`ts` as date)) VIRTUAL,\n  `x` int GENERATED ALWAYS AS ((`n` + 1)) STORED,\n  PRIMARY KEY (`id`)");
        Assert.Equal(["w"], found.Select(f => f.Column));
    }

    [Fact]
    internal void Expressions_of_indexes_count()
    {
        var found = Find($"{Columns}  PRIMARY KEY (`id`),\n  KEY `p` (`s`(10),`n` DESC),\n  UNIQUE KEY `day``s` (`n`,(cast(`ts` as date)),((`n` + 1))) COMMENT '((x))',\n  KEY `plain` ((lower(`s`)))");
        var value = Assert.Single(found);
        Assert.Equal(("`day``s`", (string?)null, false, "(cast(`ts` as date))", SessionInputs.TimeZone), (value.Name, value.Column, value.IsStored, value.Expression, value.Inputs));
    }

    [Fact]
    internal void A_virtual_column_that_rows_are_partitioned_by_counts()
    {
        var found = Find(
            "  `id` int NOT NULL,\n  `t` time NOT NULL,\n  `v` date GENERATED ALWAYS AS (cast(`t` as date)) VIRTUAL",
            "\n/*!50100 PARTITION BY RANGE (to_days(`v`))\n(PARTITION p0 VALUES LESS THAN (1) ENGINE = InnoDB) */");
        Assert.Equal((false, SessionInputs.CurrentDate), (Assert.Single(found).IsStored, found[0].Inputs));
    }

    private static IReadOnlyList<GeneratedValue> Find(string elements, string tail = "") => GeneratedValueGuard.Find($"CREATE TABLE `t` (\n{elements}\n) ENGINE=InnoDB{tail}");
}
