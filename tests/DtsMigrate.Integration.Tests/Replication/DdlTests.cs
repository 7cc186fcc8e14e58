using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>DDL of the source arrives on the destination: same definitions, same rows.</summary>
public sealed class DdlTests
{
    private const string Tables = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20), x INT); INSERT INTO t VALUES (1,'a',1),(2,'b',2),(3,'c',3);";

    [Theory]
    [InlineData("ALTER TABLE t ADD COLUMN w INT NOT NULL DEFAULT 7 FIRST, DROP COLUMN x, MODIFY v VARCHAR(50) CHARACTER SET latin1, ADD UNIQUE KEY u (v); INSERT INTO t (id, v) VALUES (8,'dé')")]
    [InlineData("ALTER TABLE t RENAME COLUMN x TO y, ADD INDEX i (y), ALGORITHM=INPLACE, LOCK=NONE; UPDATE t SET y=y+1")]
    [InlineData("ALTER TABLE t CHANGE x id2 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, ADD KEY (id2); INSERT INTO t (id,v) VALUES (9,'z')")]
    [InlineData("TRUNCATE TABLE t; INSERT INTO t VALUES (7,'x',7)")]
    [InlineData("CREATE TABLE n (id INT PRIMARY KEY, j JSON, g INT AS (id*2)); INSERT INTO n (id, j) VALUES (1,'[1]'); ALTER TABLE n ADD COLUMN k INT; INSERT INTO n (id, k) VALUES (2, 2)")]
    [InlineData("CREATE TABLE l LIKE t; INSERT INTO l SELECT * FROM t")]
    [InlineData("CREATE TABLE s AS SELECT * FROM t; INSERT INTO s VALUES (9,'q',9); DELETE FROM s WHERE id=1")]
    [InlineData("CREATE TABLE d (id INT PRIMARY KEY); INSERT INTO d VALUES (1); DROP TABLE d, t; CREATE TABLE t (a CHAR(3)); INSERT INTO t VALUES ('a'),('a')")]
    [InlineData("CREATE UNIQUE INDEX u ON t (x); CREATE INDEX f ON t ((x+1)); DROP INDEX f ON t; INSERT INTO t VALUES (5,'e',50)")]
    [InlineData("RENAME TABLE t TO t2; INSERT INTO t2 VALUES (5,'e',50); ALTER TABLE t2 RENAME TO t3, ADD COLUMN q INT; INSERT INTO t3 VALUES (6,'e',50,1)")]
    [InlineData("CREATE TABLE u LIKE t; INSERT INTO u VALUES (100,'u',100); RENAME TABLE t TO tmp, u TO t, tmp TO u; INSERT INTO t VALUES (101,'t',1); INSERT INTO u VALUES (5,'u',5)")]
    [InlineData("CREATE TABLE p (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20)); INSERT INTO p VALUES (1,1),(11,1);"
        + "ALTER TABLE p ADD PARTITION (PARTITION c VALUES LESS THAN MAXVALUE); INSERT INTO p VALUES (30,1); ALTER TABLE p TRUNCATE PARTITION a; ALTER TABLE p REORGANIZE PARTITION c INTO (PARTITION c VALUES LESS THAN (50), PARTITION e VALUES LESS THAN MAXVALUE);"
        + "CREATE TABLE q (id INT PRIMARY KEY, v INT); INSERT INTO q VALUES (12,12); ALTER TABLE p EXCHANGE PARTITION b WITH TABLE q; INSERT INTO q VALUES (2,2); ALTER TABLE p DROP PARTITION e; ALTER TABLE p REMOVE PARTITIONING")]
    [InlineData("CREATE TABLE `a``b c` (`sel ect` INT PRIMARY KEY COMMENT '`t` 😀'); INSERT INTO `a``b c` VALUES (1); ALTER TABLE `a``b c` ADD `😀` INT; CREATE TABLE `select` (id INT PRIMARY KEY, `日本` INT); INSERT INTO `select` VALUES (1,1); RENAME TABLE `select` TO `日本 語`; UPDATE `日本 語` SET `日本`=2")]
    [InlineData("SET SESSION sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; CREATE TABLE \"q t\" (\"id\" INT PRIMARY KEY, v VARCHAR(9) DEFAULT 'a\\'); INSERT INTO \"q t\" (\"id\") VALUES (1); ALTER TABLE \"q t\" ADD COLUMN \"w\" CHAR(2) DEFAULT '\"t'")]
    [InlineData("SET NAMES latin1; ALTER TABLE t ADD COLUMN w VARCHAR(9) DEFAULT _latin1'\u00e9' COMMENT 'x'; SET NAMES utf8mb4; INSERT INTO t (id) VALUES (5)")]
    [InlineData("/*!50001 CREATE TABLE vc (id INT PRIMARY KEY) */ /*!99999 nothing */; INSERT INTO vc VALUES (1); ALTER /* t */ TABLE vc -- x\n ADD a INT # y\n; INSERT INTO vc VALUES (2,2)")]
    [InlineData("CREATE TABLE parent (id INT PRIMARY KEY); INSERT INTO parent VALUES (1); CREATE TABLE child (id INT PRIMARY KEY, p INT, CONSTRAINT fk FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE); INSERT INTO child VALUES (1,1),(2,NULL); DELETE FROM parent; ALTER TABLE child DROP FOREIGN KEY fk; RENAME TABLE parent TO p2; ALTER TABLE child ADD CONSTRAINT f2 FOREIGN KEY (p) REFERENCES p2 (id)")]
    [InlineData("CREATE TABLE par (id INT PRIMARY KEY, k INT UNIQUE); CREATE TABLE chi (id INT PRIMARY KEY, p INT, q INT, CONSTRAINT a FOREIGN KEY (p) REFERENCES par (id) ON DELETE CASCADE, CONSTRAINT b FOREIGN KEY (q) REFERENCES par (k) ON UPDATE CASCADE);"
        + "INSERT INTO par VALUES (1,1),(2,2); INSERT INTO chi VALUES (1,1,1),(2,2,2); ALTER TABLE par RENAME COLUMN id TO pid, CHANGE k `k k` INT NULL; UPDATE par SET `k k`=9 WHERE pid=2; UPDATE chi SET q=NULL WHERE id=1; DELETE FROM par WHERE pid=1; ALTER TABLE chi ADD w INT")]
    [InlineData("SET time_zone='+05:00', timestamp=1700000000; ALTER TABLE t ADD COLUMN d DATETIME NOT NULL DEFAULT NOW(), ADD COLUMN ts TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00'; SET timestamp=DEFAULT; INSERT INTO t (id) VALUES (6)")]
    [InlineData("CREATE TABLE nk (v INT); INSERT INTO nk VALUES (3),(1),(2); ALTER TABLE nk ADD COLUMN id INT AUTO_INCREMENT PRIMARY KEY; INSERT INTO nk (v) VALUES (9)")]
    [InlineData("CREATE DATABASE IF NOT EXISTS {db} CHARACTER SET latin1; ALTER DATABASE {db} CHARACTER SET latin1; CREATE TABLE c (v VARCHAR(5) PRIMARY KEY); INSERT INTO c VALUES ('é')")]
    [InlineData("SET SESSION sql_mode='', explicit_defaults_for_timestamp=0; CREATE TABLE old (id INT PRIMARY KEY, ts TIMESTAMP, z DATE DEFAULT '0000-00-00') ENGINE=MyISAM; INSERT INTO old (id) VALUES (1)")]
    [InlineData("DROP DATABASE {db}; CREATE DATABASE {db} CHARACTER SET utf8mb4; USE {db}; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (5)")]
    [InlineData("CREATE TABLE IF NOT EXISTS t (z INT); DROP TABLE IF EXISTS missing; ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, ADD COLUMN (c1 INT, c2 CHAR(3) DEFAULT (LOWER('AB'))), COMMENT='it''s', ALTER COLUMN x SET DEFAULT 9, ADD CONSTRAINT ck CHECK (x<1000); ALTER TABLE t ALTER CHECK ck NOT ENFORCED, ADD FULLTEXT INDEX ft (v), ADD INDEX ix (x DESC) INVISIBLE;"
        + "ALTER TABLE t ALTER INDEX ix VISIBLE; ALTER TABLE t RENAME INDEX ix TO iy, DROP PRIMARY KEY, ADD PRIMARY KEY (x, id); ALTER TABLE t ORDER BY id; ALTER TABLE t ALTER COLUMN x DROP DEFAULT, ADD COLUMN inv INT INVISIBLE DEFAULT 2 AFTER id, ADD COLUMN gen VARCHAR(30) AS (CONCAT(v,'!')) STORED UNIQUE, AUTO_INCREMENT=50; ALTER TABLE t ENGINE=InnoDB, ROW_FORMAT=COMPRESSED, KEY_BLOCK_SIZE=8; ALTER TABLE t FORCE; OPTIMIZE TABLE t; ANALYZE TABLE t;"
        + "UPDATE t SET v=CONCAT(v,id); ALTER TABLE t DROP CHECK ck, DROP COLUMN gen, DROP INDEX ft, CHANGE COLUMN v `v v` TEXT FIRST; CREATE TABLE vr VALUES ROW(1,'a'), ROW(2,'b'); CREATE TABLE tt TABLE t; CREATE TABLE lk (LIKE vr)")]
    [InlineData("CREATE TABLE h (id INT, k INT, PRIMARY KEY (id,k)) PARTITION BY HASH (id) PARTITIONS 4; INSERT INTO h VALUES (1,1),(2,2),(3,3),(4,4); ALTER TABLE h COALESCE PARTITION 2; ALTER TABLE h ADD PARTITION PARTITIONS 3; ALTER TABLE h REBUILD PARTITION p0, p1; ALTER TABLE h ANALYZE PARTITION ALL; ALTER TABLE h TRUNCATE PARTITION p0; ALTER TABLE h /*!50100 PARTITION BY KEY (k) PARTITIONS 2 */;"
        + "ALTER TABLE h PARTITION BY RANGE (id) SUBPARTITION BY HASH (k) SUBPARTITIONS 2 (PARTITION a VALUES LESS THAN (3) COMMENT='PARTITION b', PARTITION b VALUES LESS THAN MAXVALUE); INSERT INTO h VALUES (9,9); ALTER TABLE h DROP PARTITION a; DELETE FROM h WHERE id=9; CREATE TABLE l (c VARCHAR(9) PRIMARY KEY) PARTITION BY LIST COLUMNS (c) (PARTITION p VALUES IN ('a','b')); INSERT INTO l VALUES ('a'); ALTER TABLE l ALGORITHM=INPLACE, ADD PARTITION (PARTITION q VALUES IN ('c')); INSERT INTO l VALUES ('c')")]
    public async Task Definitions_and_rows_follow(string statements)
    {
        using var bench = await DdlBench.CreateAsync(Tables);
        await bench.RunAsync();
        await bench.SourceAsync("INSERT INTO t VALUES (4,'d',4);" + statements.Replace("{db}", bench.Database, StringComparison.Ordinal));
        await bench.RunAsync();
        await bench.AssertSameAsync();
        await bench.RunAsync();
        await bench.AssertSameAsync();
        Assert.All(await bench.LogAsync(), e => Assert.Equal(DdlOutcome.Done, e.Outcome));
        Assert.Equal("0", await bench.DestinationAsync(bench.MarkersSql));
    }

    [Fact]
    public async Task Tables_move_between_databases_of_the_task()
    {
        using var bench = await DdlBench.CreateAsync(Tables, t => t with { Objects = [new DatabaseSelection(t.Name, t.Name, All: true, []), new DatabaseSelection(t.Name + "_b", t.Name + "_c", All: true, [])] });
        await DdlBench.OnAsync(bench.Source, $"CREATE DATABASE {bench.Database}_b; CREATE TABLE {bench.Database}_b.t LIKE {bench.Database}.t; INSERT INTO {bench.Database}_b.t VALUES (9,'b',9); CREATE TABLE {bench.Database}_b.f (id INT PRIMARY KEY, p INT, CONSTRAINT fk FOREIGN KEY (p) REFERENCES {bench.Database}.t (id))");
        await bench.RunAsync();
        string b = bench.Database + "_b";
        await bench.SourceAsync(
            $"RENAME TABLE t TO {b}.x, {b}.t TO t; INSERT INTO t VALUES (10,'a',1); INSERT INTO {b}.x VALUES (11,'a',1); INSERT INTO {b}.f VALUES (1,11); ALTER TABLE {b}.x RENAME TO {b}.y, ADD COLUMN w INT; USE {b}; ALTER TABLE y RENAME {bench.Database}.z; INSERT INTO f VALUES (2,1);"
            + $"CREATE TABLE own (id INT PRIMARY KEY); INSERT INTO own VALUES (1); RENAME TABLE own TO own2, {bench.Database}.t TO own; INSERT INTO own VALUES (20,'q',1); DROP TABLE own2; CREATE TABLE {bench.Database}.t LIKE own; INSERT INTO {bench.Database}.t SELECT * FROM own; ALTER TABLE f DROP FOREIGN KEY fk; CREATE VIEW v AS SELECT * FROM {bench.Database}.z; DROP VIEW v;");
        await bench.RunAsync();
        await bench.AssertSameAsync();
        await bench.AssertSameAsync(bench.Database + "_c", b);
        await bench.SourceAsync($"DROP DATABASE {b}; INSERT INTO t VALUES (30,'x',1)");
        await bench.RunAsync();
        await bench.AssertSameAsync();
        Assert.Equal("0", await bench.DestinationAsync($"SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME='{bench.Database}_c'"));
    }

    [Fact]
    public async Task Names_are_mapped_in_statements()
    {
        using var bench = await DdlBench.CreateAsync(
            Tables, t => t with { Objects = [new DatabaseSelection(t.Name, t.Name + " `x", All: true, [new TableSelection("t", "the t")])] });
        await bench.RunAsync();
        string to = bench.Database + " `x";
        await bench.SourceAsync(
            $"""
            ALTER TABLE t ADD COLUMN y INT; CREATE TABLE `later` (id INT PRIMARY KEY, p INT, CONSTRAINT fk FOREIGN KEY (p) REFERENCES {bench.Database}.t (id)); INSERT INTO later VALUES (1,1);
            CREATE INDEX i ON `{bench.Database}`.t (y); RENAME TABLE later TO plain; INSERT INTO plain VALUES (2,2); RENAME TABLE plain TO later; INSERT INTO later VALUES (3,3);
            CREATE VIEW v AS SELECT t.id, later.p FROM t JOIN {bench.Database}.later ON later.p=t.id; DROP TABLE later; CREATE TABLE later LIKE t; TRUNCATE t;
            """);
        await bench.RunAsync();
        Assert.Equal("later,the t", await bench.DestinationAsync($"SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA={DtsMigrate.MySql.Session.SqlText.Literal(to)} AND TABLE_TYPE='BASE TABLE'"));
        Assert.Contains("`the t`", await bench.DestinationAsync($"SELECT VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA={DtsMigrate.MySql.Session.SqlText.Literal(to)}"), StringComparison.Ordinal);
        Assert.Equal("0", await bench.DestinationAsync($"SELECT COUNT(*) FROM {DtsMigrate.MySql.Session.SqlText.Name(to, "the t")}"));
    }

    [Fact]
    public async Task Views_routines_and_events_follow_and_triggers_wait()
    {
        using var bench = await DdlBench.CreateAsync(Tables);
        await bench.RunAsync();
        await bench.SourceAsync(
            """
            CREATE ALGORITHM=MERGE VIEW v AS SELECT id, v FROM t; ALTER VIEW v AS SELECT id FROM t; CREATE VIEW gone AS SELECT 1 AS a; CREATE VIEW gone2 AS SELECT * FROM gone; DROP VIEW IF EXISTS gone2, gone; CREATE OR REPLACE SQL SECURITY INVOKER VIEW v (id) AS SELECT id FROM t WITH CHECK OPTION;
            CREATE PROCEDURE dead() SELECT 1; ALTER PROCEDURE dead COMMENT 'x'; DROP PROCEDURE IF EXISTS dead; CREATE FUNCTION fd() RETURNS INT NO SQL RETURN 1; ALTER FUNCTION fd SQL SECURITY INVOKER; DROP FUNCTION fd; CREATE EVENT ev ON SCHEDULE AT '2037-01-01' DO SELECT 1; ALTER EVENT ev RENAME TO ev2; DROP EVENT IF EXISTS ev2;
            CREATE PROCEDURE p(IN a INT) BEGIN INSERT INTO t (id) VALUES (a); SELECT ';'; END; CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN (SELECT MAX(id) FROM t);
            CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO INSERT INTO t (id) VALUES (99); ALTER EVENT e COMMENT 'x'; DROP EVENT e; CREATE EVENT e2 ON SCHEDULE EVERY 1 YEAR ON COMPLETION PRESERVE ENABLE COMMENT 'c' DO SELECT 1;
            CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.x=77; INSERT INTO t (id) VALUES (50); DROP TRIGGER tr;
            """);
        await bench.RunAsync();
        string where = $"'{bench.Database}'";
        Assert.Equal("v", await bench.DestinationAsync($"SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.VIEWS WHERE TABLE_SCHEMA={where}"));
        Assert.Equal("f,p", await bench.DestinationAsync($"SELECT GROUP_CONCAT(ROUTINE_NAME ORDER BY 1) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA={where}"));
        Assert.Equal("e2 DISABLED", await bench.DestinationAsync($"SELECT GROUP_CONCAT(EVENT_NAME, ' ', STATUS) FROM information_schema.EVENTS WHERE EVENT_SCHEMA={where}"));
        Assert.Equal("77", await bench.DestinationAsync($"SELECT x FROM {bench.Database}.t WHERE id=50"));
        Assert.Equal(["CreateTrigger", "DropTrigger"], (await bench.LogAsync()).Where(e => e.Outcome == DdlOutcome.Deferred).Select(e => e.Kind));
        await bench.AssertSameAsync();
    }

    [Theory]
    [InlineData(DefinerMode.Destination, TriggerMethod.Automatic)]
    [InlineData(DefinerMode.Keep, TriggerMethod.Automatic)]
    public async Task Objects_made_in_the_stream_obey_definer_mode_and_triggers_are_guarded(DefinerMode definer, TriggerMethod triggers)
    {
        using var bench = await DdlBench.CreateAsync(Tables, t => t with { Options = t.Options with { DefinerMode = definer, TriggerMethod = triggers } });
        await bench.RunAsync();
        await bench.SourceAsync(
            """
            CREATE VIEW v AS SELECT id FROM t; CREATE DEFINER=root@localhost VIEW w AS SELECT 1 AS a; ALTER VIEW w AS SELECT id AS a FROM t; CREATE PROCEDURE p() SQL SECURITY DEFINER COMMENT 'c' SELECT 1; ALTER PROCEDURE p SQL SECURITY DEFINER COMMENT 'd';
            CREATE FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN 1; CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO SELECT 1;
            CREATE TRIGGER gone BEFORE UPDATE ON t FOR EACH ROW SET NEW.x=1; DROP TRIGGER gone; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.x=IFNULL(NEW.x,0)+70; INSERT INTO t VALUES (50,'a',7);
            """);
        await bench.RunAsync();
        string where = $"'{bench.Database}'";
        string account = definer == DefinerMode.Keep ? "root@localhost" : "journey@%";
        string security = definer == DefinerMode.Keep ? "DEFINER" : "INVOKER";
        Assert.Equal($"{account}:{security}", await bench.DestinationAsync($"SELECT GROUP_CONCAT(DISTINCT DEFINER, ':', SECURITY_TYPE) FROM information_schema.VIEWS WHERE TABLE_SCHEMA={where}"));
        Assert.Equal($"f{account}:{security},p{account}:{security}", await bench.DestinationAsync($"SELECT GROUP_CONCAT(ROUTINE_NAME, DEFINER, ':', SECURITY_TYPE ORDER BY 1) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA={where}"));
        Assert.Equal($"e{account}:DISABLED:SYSTEM", await bench.DestinationAsync($"SELECT GROUP_CONCAT(EVENT_NAME, DEFINER, ':', STATUS, ':', TIME_ZONE) FROM information_schema.EVENTS WHERE EVENT_SCHEMA={where}"));
        Assert.Equal($"tr{account}1", await bench.DestinationAsync($"SELECT GROUP_CONCAT(TRIGGER_NAME, DEFINER, ACTION_STATEMENT LIKE '%@dts_migrate_writer IS NULL%') FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA={where}"));

        // The trigger has fired on the source alone.
        Assert.Equal("77", await bench.DestinationAsync($"SELECT x FROM {bench.Database}.t WHERE id=50"));
        Assert.All(await bench.LogAsync(), e => Assert.Equal(DdlOutcome.Done, e.Outcome));
        await bench.AssertSameAsync();
    }

    [Fact]
    public async Task Tables_that_are_not_selected_are_left_alone_in_statements_of_several()
    {
        using var bench = await DdlBench.CreateAsync(
            Tables + "CREATE TABLE other (id INT PRIMARY KEY); CREATE TABLE k (id INT PRIMARY KEY);",
            t => t with { Objects = [new DatabaseSelection(t.Name, t.Name, All: false, [new TableSelection("t", "t"), new TableSelection("k", "k")])] });
        await bench.RunAsync();
        await DdlBench.OnAsync(bench.Destination, $"CREATE TABLE {bench.Database}.other (mine INT)");
        await bench.SourceAsync("DROP TABLE other, k; ALTER TABLE t ADD y INT; INSERT INTO t VALUES (9,'a',1,1)");
        await bench.RunAsync();
        Assert.Equal("other,t", await bench.DestinationAsync($"SELECT GROUP_CONCAT(TABLE_NAME ORDER BY 1) FROM information_schema.TABLES WHERE TABLE_SCHEMA='{bench.Database}'"));
        Assert.Equal("4", await bench.DestinationAsync($"SELECT COUNT(*) FROM {bench.Database}.t"));
    }

    [Fact]
    public async Task A_table_renamed_into_the_selection_is_copied_and_one_renamed_out_stays_as_it_is()
    {
        using var bench = await DdlBench.CreateAsync(
            Tables + "CREATE TABLE outside LIKE t; INSERT INTO outside VALUES (10,'o',10);",
            t => t with { Objects = [new DatabaseSelection(t.Name, t.Name, All: false, [new TableSelection("t", "t")])] });
        await bench.RunAsync();
        await bench.SourceAsync("RENAME TABLE t TO old; INSERT INTO old VALUES (20,'x',1)");
        await bench.RunAsync();
        Assert.Equal("3", await bench.DestinationAsync($"SELECT COUNT(*) FROM {bench.Database}.t"));
        await bench.SourceAsync("INSERT INTO outside VALUES (11,'o',11); RENAME TABLE outside TO t; INSERT INTO t VALUES (12,'o',12)");
        await bench.RunAsync();
        Assert.Equal("10,11,12", await bench.DestinationAsync($"SELECT GROUP_CONCAT(id ORDER BY id) FROM {bench.Database}.t"));
        await bench.SourceAsync("INSERT INTO t VALUES (13,'o',13); RENAME TABLE t TO outside, old TO t; DELETE FROM t WHERE id=1");
        await bench.RunAsync();
        Assert.Equal("2,3,20", await bench.DestinationAsync($"SELECT GROUP_CONCAT(id ORDER BY id) FROM {bench.Database}.t"));
    }

    [Fact]
    public async Task A_refused_statement_stops_skips_or_is_tried_again_as_the_task_asks()
    {
        using var bench = await DdlBench.CreateAsync(Tables);
        Assert.Empty(await bench.LogAsync());
        await bench.RunAsync();
        await DdlBench.OnAsync(bench.Destination, $"ALTER TABLE {bench.Database}.t ADD INDEX i (v)");
        await bench.SourceAsync("ALTER TABLE t ADD INDEX i (x); INSERT INTO t VALUES (5,'e',5)");
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(bench.RunAsync);
        Assert.Equal("DdlFailed", failure.Code);
        Assert.Contains("Duplicate key name", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DtsMigrateException>(bench.RunAsync);
        var entry = Assert.Single(await bench.LogAsync());
        Assert.Equal((DdlOutcome.Failed, 2, "AlterTable"), (entry.Outcome, entry.Attempts, entry.Kind));
        (int code, string shown, _) = await bench.CommandAsync("ddl");
        Assert.Equal(0, code);
        Assert.Matches($"Failed +AlterTable +{bench.Database}.t\n +source +ALTER TABLE t ADD INDEX i \\(x\\)\n +why +Duplicate key name", shown);
        Assert.Equal("Failed", WorkerProcess.LastStatus((await bench.CommandAsync("ddl", "--json")).Output).GetProperty("outcome").GetString());

        bench.Change(t => t with { Options = t.Options with { DdlFailure = DdlFailurePolicy.Skip } });
        await bench.RunAsync();
        Assert.Equal("4", await bench.DestinationAsync($"SELECT COUNT(*) FROM {bench.Database}.t"));
        Assert.Equal(DdlOutcome.Skipped, Assert.Single(await bench.LogAsync()).Outcome);

        bench.Change(t => t with { Options = t.Options with { DdlFailure = DdlFailurePolicy.Retry } });
        await bench.SourceAsync("ALTER TABLE t ADD COLUMN y INT; INSERT INTO t VALUES (6,'e',5,1)");
        await DdlBench.OnAsync(bench.Destination, $"ALTER TABLE {bench.Database}.t ADD COLUMN y INT AFTER id");
        var running = bench.RunAsync();
        await DtsMigrate.Testing.WaitFor.ConditionAsync(async _ => (await bench.LogAsync())[^1].Outcome == DdlOutcome.Failed, TimeSpan.FromSeconds(30), "the failure", CancellationToken.None);
        await DdlBench.OnAsync(bench.Destination, $"ALTER TABLE {bench.Database}.t DROP COLUMN y");
        await running;
        Assert.Equal(DdlOutcome.Done, (await bench.LogAsync())[^1].Outcome);
        Assert.Equal("1", await bench.DestinationAsync($"SELECT y FROM {bench.Database}.t WHERE id=6"));
    }
}
