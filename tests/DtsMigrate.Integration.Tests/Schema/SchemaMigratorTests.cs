using DtsMigrate.Engine;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Schema;

public sealed class SchemaMigratorTests
{
    internal const string Everything =
        """
        CREATE TABLE parent (id bigint unsigned NOT NULL AUTO_INCREMENT, code char(3) CHARACTER SET ascii NOT NULL, PRIMARY KEY (id), UNIQUE KEY (code)) AUTO_INCREMENT=100;
        CREATE TABLE `we``ird 名` (`a``b` int NOT NULL DEFAULT 7 COMMENT 'FOREIGN KEY (`x`), '' \\ ж \n/*! ', `select` varchar(20) CHARACTER SET sjis DEFAULT 'x\\y''z',
          e enum('a,b','c)','''') DEFAULT 'c)', z timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', d date NOT NULL DEFAULT '0000-00-00', PRIMARY KEY (`a``b`)) COMMENT='a, `b` (''c'')';
        CREATE TABLE child (id int PRIMARY KEY, pid bigint unsigned, code char(3) CHARACTER SET ascii, self int,
          CONSTRAINT `fk``1` FOREIGN KEY (pid) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE SET NULL,
          CONSTRAINT fk2 FOREIGN KEY (code) REFERENCES parent (code), CONSTRAINT fk3 FOREIGN KEY (self) REFERENCES child (id),
          CONSTRAINT positive CHECK (id > 0 AND code <> ',)('), CONSTRAINT soft CHECK (self > 1) NOT ENFORCED);
        CREATE TABLE types (id int PRIMARY KEY, j json, g geometry NOT NULL SRID 4326, p point, v vector(4), f float, dbl double DEFAULT 0.1, dc decimal(65,30), b bit(64) DEFAULT b'101', bin binary(4) DEFAULT '\0a',
          t time(6), dt datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), st set('x','y'), yr year, tx text COLLATE utf8mb4_bin, mb mediumblob, u varchar(36) DEFAULT (uuid()),
          gv varchar(20) GENERATED ALWAYS AS (concat(j->>'$.a', '`,')) VIRTUAL, gs int GENERATED ALWAYS AS (id * 2) STORED NOT NULL, hid int INVISIBLE DEFAULT 3,
          KEY pre (tx(10) DESC), FULLTEXT KEY ft (tx), SPATIAL KEY sp (g), KEY fx ((id + 1)), KEY inv (f) INVISIBLE, KEY mv ((CAST(j->'$.l' AS unsigned ARRAY))), UNIQUE KEY ux ((upper(gv))))
          ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 STATS_PERSISTENT=0;
        CREATE TABLE parts (id int NOT NULL, ts timestamp NOT NULL DEFAULT '2020-01-01 00:00:00', PRIMARY KEY (id, ts)) PARTITION BY RANGE (unix_timestamp(ts))
          SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (1600000000) COMMENT = 'x, (', PARTITION p1 VALUES LESS THAN MAXVALUE);
        CREATE TABLE lists (a varchar(10) NOT NULL) PARTITION BY LIST COLUMNS (a) (PARTITION `p 1` VALUES IN ('x)', 'y,'), PARTITION p2 VALUES IN ('z'));
        CREATE TABLE nokey (a int, b varchar(10)) DEFAULT CHARSET=latin1;
        SET sql_generate_invisible_primary_key=1;
        CREATE TABLE gipk (x int);
        """;

    [Fact]
    public async Task Tables_of_every_kind_arrive_as_they_are_and_a_second_run_changes_nothing()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("schema");
        string other = database + "`to";
        await source.RunSqlAsync($"CREATE DATABASE `{database}` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; USE `{database}`; SET sql_mode='', time_zone='+05:00';\n" + Everything, CancellationToken.None);
        var journey = new SchemaJourney(source, destination, new DatabaseSelection(database, other, true, [new TableSelection("parent", "par`ent"), new TableSelection("types", "types 2")]));
        var tables = await journey.ReadAsync();
        Assert.Equal(8, tables.Count);

        await journey.CreateTablesAsync(tables);
        await journey.CreateTablesAsync(tables);
        await journey.AddForeignKeysAsync(tables);
        await journey.AddForeignKeysAsync(tables);

        foreach (var table in tables)
        {
            string name = table.Name.Name switch { "parent" => "par`ent", "types" => "types 2", var same => same };
            var made = await journey.ReadDestinationAsync(new QualifiedName(other, name));
            Assert.NotNull(made);
            Assert.Equal(table.Hash, made.Hash);
            Assert.Equal(table.Collation, made.Collation);
            var differences = DefinitionComparison.FindDifferences(table, made, samePrinter: true);
            Assert.True(differences.Count == 0, string.Join("; ", differences));
        }

        string child = (await journey.ReadDestinationAsync(new QualifiedName(other, "child")))!.CreateSql;
        Assert.Contains("CONSTRAINT `fk``1` FOREIGN KEY (`pid`) REFERENCES `par``ent` (`id`) ON DELETE CASCADE ON UPDATE SET NULL", child, StringComparison.Ordinal);
        Assert.Contains("CONSTRAINT `fk3` FOREIGN KEY (`self`) REFERENCES `child` (`id`)", child, StringComparison.Ordinal);
        string created = await destination.RunSqlAsync($"SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{other}'", CancellationToken.None);
        Assert.Equal("utf8mb4_general_ci", created.Trim());
        Assert.DoesNotContain(journey.Log.Entries, e => e.Level == LogLevel.Error);
    }

    [Fact]
    public async Task An_existing_table_that_is_not_ours_is_an_error_that_names_the_difference()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("differs");
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.t (a int PRIMARY KEY, b varchar(5) DEFAULT 'x')", CancellationToken.None);
        await destination.RunSqlAsync($"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.t (a int PRIMARY KEY, b varchar(5) DEFAULT 'y', c int)", CancellationToken.None);
        var selection = new DatabaseSelection(database, database, true, []);
        var strict = new SchemaJourney(source, destination, selection);
        var tables = await strict.ReadAsync();
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => strict.CreateTablesAsync(tables));
        Assert.Equal("DestinationTableDiffers", error.Code);
        Assert.Contains("columns are (a, b) on the source and (a, b, c) on the destination", error.Message, StringComparison.Ordinal);

        await destination.RunSqlAsync($"ALTER TABLE `{database}`.t DROP c", CancellationToken.None);
        error = await Assert.ThrowsAsync<DtsMigrateException>(() => strict.CreateTablesAsync(tables));
        Assert.Contains("the destination lacks: `b` varchar ( 5 ) DEFAULT 'x'", error.Message, StringComparison.Ordinal);

        // Rows fit all the same, which is enough where existing tables are kept.
        var keeping = new SchemaJourney(source, destination, ConflictMode.IgnoreErrorsAndProceed, selection);
        await keeping.CreateTablesAsync(tables);
        await destination.RunSqlAsync($"ALTER TABLE `{database}`.t MODIFY b varchar(4)", CancellationToken.None);
        error = await Assert.ThrowsAsync<DtsMigrateException>(() => keeping.CreateTablesAsync(tables));
        Assert.Contains("column b has type varchar(5) on the source and varchar(4) on the destination", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_keys_reach_across_mapped_databases_and_a_missing_parent_is_an_error()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string one = SharedServers.NewDatabaseName("fk_one");
        string two = SharedServers.NewDatabaseName("fk_two");
        await source.RunSqlAsync(
            $"""
            CREATE DATABASE `{one}`; CREATE DATABASE `{two}`;
            SET restrict_fk_on_non_standard_key=OFF;
            CREATE TABLE `{one}`.parent (id int PRIMARY KEY, k int, KEY (k));
            CREATE TABLE `{two}`.child (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES `{one}`.parent (id), FOREIGN KEY (p) REFERENCES `{one}`.parent (k));
            """,
            CancellationToken.None);
        var child = new DatabaseSelection(two, two + "_new", true, []);
        var both = new SchemaJourney(source, destination, new DatabaseSelection(one, one + "_new", false, [new TableSelection("parent", "elder")]), child);
        var tables = await both.ReadAsync();
        await both.CreateTablesAsync(tables);
        await both.AddForeignKeysAsync(tables);
        string sql = (await both.ReadDestinationAsync(new QualifiedName(two + "_new", "child")))!.CreateSql;
        Assert.Contains($"REFERENCES `{one}_new`.`elder` (`id`)", sql, StringComparison.Ordinal);
        Assert.Contains($"REFERENCES `{one}_new`.`elder` (`k`)", sql, StringComparison.Ordinal);

        var alone = new SchemaJourney(source, destination, child with { To = two + "_alone" });
        tables = await alone.ReadAsync();
        await alone.CreateTablesAsync(tables);
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => alone.AddForeignKeysAsync(tables));
        Assert.Equal("ForeignKeyParentMissing", error.Code);
    }
}
