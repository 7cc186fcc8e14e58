using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Schema.Sql;
using DtsMigrate.Engine.Tasks;
using static DtsMigrate.Engine.Tests.Schema.SampleTables;

namespace DtsMigrate.Engine.Tests.Schema;

public sealed class DeferredIndexPlannerTests
{
    private const string EveryKind =
        """
        CREATE TABLE `t` (
          `id` int NOT NULL AUTO_INCREMENT,
          `KEY` varchar(20) DEFAULT 'KEY `x` (`a`)' COMMENT 'SPATIAL KEY `y`',
          `g` point NOT NULL,
          PRIMARY KEY (`id`),
          UNIQUE KEY `u` (`KEY`),
          KEY `a``b, (` (`KEY`(3) DESC,`id`) USING BTREE COMMENT 'it''s, (a)' /*!80000 INVISIBLE */,
          KEY `f` (((`id` + 1)),(upper(`KEY`))) KEY_BLOCK_SIZE=4,
          SPATIAL KEY `s` (`g`),
          FULLTEXT KEY `ft` (`KEY`) /*!50100 WITH PARSER `ngram` */ ,
          CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `p` (`id`),
          CONSTRAINT `c` CHECK ((`id` > 0))
        ) ENGINE=InnoDB AUTO_INCREMENT=18446744073709551615 DEFAULT CHARSET=utf8mb4
        """;

    private const MigrationTypes Everything = MigrationTypes.Schema | MigrationTypes.Full | MigrationTypes.Incremental;

    [Fact]
    public void All_but_primary_and_unique_keys_are_deferred_with_their_text_as_it_is()
    {
        var plan = Plan(EveryKind, LateIndexes.Always, Everything);

        Assert.Equal(
            [
                new DeferredIndex(1, "a`b, (", IndexKind.Plain, "KEY `a``b, (` (`KEY`(3) DESC,`id`) USING BTREE COMMENT 'it''s, (a)' /*!80000 INVISIBLE */", false),
                new DeferredIndex(2, "f", IndexKind.Plain, "KEY `f` (((`id` + 1)),(upper(`KEY`))) KEY_BLOCK_SIZE=4", false),
                new DeferredIndex(3, "s", IndexKind.Spatial, "SPATIAL KEY `s` (`g`)", false),
                new DeferredIndex(4, "ft", IndexKind.Fulltext, "FULLTEXT KEY `ft` (`KEY`) /*!50100 WITH PARSER `ngram` */", false),
            ],
            plan);
    }

    [Fact]
    public void The_table_is_created_without_what_is_deferred_and_with_all_else()
    {
        var table = Table(EveryKind);
        var statement = CreateTableStatement.Parse(EveryKind);
        string sql = TableRewriter.Rewrite(table, statement, new QualifiedName("d", "t"), [.. Plan(EveryKind, LateIndexes.Always, Everything).Select(i => i.Name)]).Sql;

        Assert.Equal(
            """
            CREATE TABLE `d`.`t` (
              `id` int NOT NULL AUTO_INCREMENT,
              `KEY` varchar(20) DEFAULT 'KEY `x` (`a`)' COMMENT 'SPATIAL KEY `y`',
              `g` point NOT NULL,
              PRIMARY KEY (`id`),
              UNIQUE KEY `u` (`KEY`),
              CONSTRAINT `c` CHECK ((`id` > 0))
            ) ENGINE=InnoDB AUTO_INCREMENT=18446744073709551615 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci
            """,
            sql);
        Assert.Equal(ulong.MaxValue, statement.ReadAutoIncrement());
        Assert.Equal(1UL, CreateTableStatement.Parse("CREATE TABLE `t` (\n  `AUTO_INCREMENT` int DEFAULT '7'\n) COMMENT='AUTO_INCREMENT=9'").ReadAutoIncrement());
    }

    [Theory]
    [InlineData("PRIMARY KEY (`a`),\n UNIQUE KEY `u` (`c`),\n KEY `k` (`a`),\n UNIQUE KEY `f` ((`a` + 1))", "u k f")]
    [InlineData("UNIQUE KEY `a` (`a`),\n UNIQUE KEY `u` (`c`),\n KEY `k` (`a`)", "k")]
    [InlineData("PRIMARY KEY (`a`),\n UNIQUE KEY `FTS_DOC_ID_INDEX` (`c`)", "")]
    public void A_copy_of_one_snapshot_defers_unique_keys_beside_a_primary_one(string keys, string deferred)
    {
        string sql = $"CREATE TABLE `t` (\n `a` int NOT NULL,\n `c` int NOT NULL,\n {keys}\n) ENGINE=InnoDB";
        Assert.Equal(deferred, string.Join(' ', Plan(sql, LateIndexes.Always, Column("a"), Column("c")).Select(i => i.Name)));
        Assert.DoesNotContain(Plan(sql, LateIndexes.Always, Everything), i => i.Kind == IndexKind.Unique);
        Assert.DoesNotContain(Plan(sql, LateIndexes.Always, mode: ConflictMode.IgnoreErrorsAndProceed), i => i.Kind == IndexKind.Unique);
    }

    [Fact]
    public void Unique_keys_that_a_mapped_collation_may_join_stay()
    {
        const string Sql = "CREATE TABLE `t` (\n `a` int NOT NULL,\n `c` varchar(9) DEFAULT NULL,\n PRIMARY KEY (`a`),\n UNIQUE KEY `u` (`c`)\n) ENGINE=InnoDB";
        var text = Column("c") with { Collation = "utf8mb4_bin" };
        var table = Table(Sql, columns: [Column("a"), text]) with { UniqueKeys = [new KeyDefinition("u", [text], true, true)] };
        Assert.Single(Plan(Sql, table, CollationMap.None));
        Assert.Empty(Plan(Sql, table, new CollationMap([KeyValuePair.Create("utf8mb4_bin", "utf8mb4_general_ci")])));
    }

    [Theory]
    [InlineData("PRIMARY KEY (`a`),\n KEY `k` (`a`),\n KEY `second` (`c`,`a`),\n KEY `third` (`c`)", "k third")]
    [InlineData("PRIMARY KEY (`a`),\n KEY `k` (`c`),\n UNIQUE KEY `u` (`c`)", "u")]
    [InlineData("PRIMARY KEY (`c`,`a`),\n KEY `k` (`c`)", "k")]
    [InlineData("KEY `k` (`a`,`c`),\n KEY `counter` (`C`)", "k")]
    public void The_key_that_auto_increment_needs_stays(string keys, string deferred)
    {
        var plan = Plan($"CREATE TABLE `t` (\n `a` int NOT NULL,\n `c` int NOT NULL AUTO_INCREMENT,\n {keys}\n) ENGINE=InnoDB", LateIndexes.Always, Column("a"), Column("c") with { IsAutoIncrement = true });

        Assert.Equal(deferred, string.Join(' ', plan.Select(i => i.Name)));
    }

    [Theory]
    [InlineData(LateIndexes.Auto, DeferredIndexPlanner.MinimumBytes, true)]
    [InlineData(LateIndexes.Auto, DeferredIndexPlanner.MinimumBytes - 1, false)]
    [InlineData(LateIndexes.Always, 0, true)]
    [InlineData(LateIndexes.Never, 1L << 40, false)]
    public void The_option_and_the_size_of_the_table_decide(LateIndexes option, long bytes, bool late)
    {
        Assert.Equal(late, Plan(EveryKind, option, bytes: bytes).Count > 0);
        Assert.Empty(Plan(EveryKind, option, MigrationTypes.Schema | MigrationTypes.Incremental, bytes: bytes));
        Assert.Empty(Plan(EveryKind, option, MigrationTypes.Full | MigrationTypes.Incremental, bytes: bytes));
        Assert.Empty(Plan(EveryKind, option, engine: "MyISAM", bytes: bytes));
    }

    [Fact]
    public void A_table_that_still_lacks_what_is_deferred_is_the_tasks_own()
    {
        string[] deferred = [.. Plan(EveryKind, LateIndexes.Always).Select(i => i.Definition)];
        var source = Table(EveryKind);
        var destination = Table(EveryKind.Replace("  KEY `f` (((`id` + 1)),(upper(`KEY`))) KEY_BLOCK_SIZE=4,\n", string.Empty, StringComparison.Ordinal));

        Assert.Empty(DefinitionComparison.FindDifferences(source, destination, samePrinter: true, deferred));
        Assert.Single(DefinitionComparison.FindDifferences(source, destination, samePrinter: true));
        Assert.Single(DefinitionComparison.FindDifferences(destination, source, samePrinter: true, deferred));
    }

    private static IReadOnlyList<DeferredIndex> Plan(string sql, LateIndexes option, params ColumnDefinition[] columns) =>
        Plan(sql, option, MigrationTypes.Schema | MigrationTypes.Full, columns: columns);

    private static IReadOnlyList<DeferredIndex> Plan(
        string sql,
        LateIndexes option,
        MigrationTypes types = MigrationTypes.Schema | MigrationTypes.Full,
        string engine = "InnoDB",
        long bytes = 0,
        ColumnDefinition[]? columns = null,
        ConflictMode mode = ConflictMode.PrecheckAndReportErrors) =>
        DeferredIndexPlanner.Plan(Table(sql, columns: columns ?? []) with { Engine = engine, EstimatedBytes = bytes }, CreateTableStatement.Parse(sql), Task(types, new TaskOptions { LateIndexes = option }) with { ConflictMode = mode });

    private static IReadOnlyList<DeferredIndex> Plan(string sql, TableDefinition table, CollationMap map) =>
        DeferredIndexPlanner.Plan(table, CreateTableStatement.Parse(sql), Task(MigrationTypes.Schema | MigrationTypes.Full, new TaskOptions { LateIndexes = LateIndexes.Always, CollationMap = map }));

    private static MigrationTask Task(MigrationTypes types, TaskOptions options)
    {
        var side = new ConnectionDefinition { Host = "h", User = "u" };
        return new MigrationTask { Name = "t", Source = side, Destination = side, MigrationTypes = types, Objects = [], Options = options };
    }
}
