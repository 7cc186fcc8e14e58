using DtsMigrate.Engine.Schema.Sql;
using static DtsMigrate.Engine.Tests.Schema.SampleTables;

namespace DtsMigrate.Engine.Tests.Schema;

public sealed class TableRewriterTests
{
    private static readonly QualifiedName Destination = new("crm", "cust`omer");

    [Fact]
    public void Name_is_replaced_and_foreign_keys_are_left_out()
    {
        var table = Table(
            """
            CREATE TABLE `t` (
              `id` int NOT NULL,
              `FOREIGN` varchar(20) DEFAULT 'a,b) FOREIGN KEY (' COMMENT 'CONSTRAINT `x`, ''y''',
              PRIMARY KEY (`id`),
              KEY `k` (`id`,`FOREIGN`(3)),
              CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `parent` (`id`) ON DELETE CASCADE,
              CONSTRAINT `c` CHECK ((`id` > 0)) /*!80016 NOT ENFORCED */
            ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='t, `x` ('
            """);
        Assert.Equal(
            """
            CREATE TABLE `crm`.`cust``omer` (
              `id` int NOT NULL,
              `FOREIGN` varchar(20) DEFAULT 'a,b) FOREIGN KEY (' COMMENT 'CONSTRAINT `x`, ''y''',
              PRIMARY KEY (`id`),
              KEY `k` (`id`,`FOREIGN`(3)),
              CONSTRAINT `c` CHECK ((`id` > 0)) /*!80016 NOT ENFORCED */
            ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='t, `x` ('
            """,
            TableRewriter.Rewrite(table, Destination).Sql);
    }

    [Fact]
    public void Collations_that_a_server_leaves_to_its_default_become_explicit()
    {
        var table = Table(
            "CREATE TABLE `t` (\n  `a` varchar(9) CHARACTER SET utf8mb4 NOT NULL,\n  `b` varchar(9) CHARACTER SET ascii COLLATE ascii_bin,\n  `c` char(9) GENERATED ALWAYS AS (cast(1 as char charset latin1))\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC",
            "utf8mb4_general_ci",
            Column("a", "varchar(9)", "utf8mb4", "utf8mb4_general_ci"),
            Column("b", "varchar(9)", "ascii", "ascii_bin"),
            Column("c", "char(9)", "utf8mb4", "utf8mb4_general_ci", generated: true));
        Assert.Equal(
            "CREATE TABLE `crm`.`cust``omer` (\n  `a` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,\n  `b` varchar(9) CHARACTER SET ascii COLLATE ascii_bin,\n  `c` char(9) GENERATED ALWAYS AS (cast(1 as char charset latin1))\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC",
            TableRewriter.Rewrite(table, Destination).Sql);
    }

    [Fact]
    public void Places_on_the_source_host_are_dropped_and_reported()
    {
        var table = Table(
            "CREATE TABLE `t` (\n  `a` int\n) /*!50100 TABLESPACE `ts1` */ ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_bin DATA DIRECTORY='/mnt/x/'\n/*!50100 PARTITION BY HASH (`a`)\n(PARTITION p0 DATA DIRECTORY = '/mnt/y' ENGINE = InnoDB) */");
        var rewritten = TableRewriter.Rewrite(table, Destination);
        Assert.Equal(
            "CREATE TABLE `crm`.`cust``omer` (\n  `a` int\n) /*!50100  */ ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_bin \n/*!50100 PARTITION BY HASH (`a`)\n(PARTITION p0  ENGINE = InnoDB) */",
            rewritten.Sql);
        Assert.Equal(["TABLESPACE `ts1`", "DATA DIRECTORY='/mnt/x/'", "DATA DIRECTORY = '/mnt/y'"], rewritten.Dropped);
    }
}
