using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Online DDL tools move real tables by their own sequences of statements, and DDL meets tables whose copy is under way.</summary>
public sealed class OnlineDdlTests
{
    private const string Tables = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20)); INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c');";

    // Ghost and changelog table, rows by INSERT IGNORE, changes by REPLACE from the binary log, the sentry and the swap of the cut-over.
    private const string GhOst =
        """
        DROP TABLE IF EXISTS _t_gho; DROP TABLE IF EXISTS _t_ghc; DROP TABLE IF EXISTS _t_del;
        CREATE /* gh-ost */ TABLE _t_ghc (id bigint unsigned auto_increment, last_update timestamp not null DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, hint varchar(64) charset ascii not null, value varchar(4096) charset ascii not null, primary key(id), unique key hint_uidx(hint)) auto_increment=256;
        CREATE /* gh-ost */ TABLE _t_gho LIKE t; ALTER /* gh-ost */ TABLE _t_gho ADD COLUMN w INT NOT NULL DEFAULT 5;
        INSERT /* gh-ost */ INTO _t_ghc (id, hint, value) VALUES (NULLIF(2, 0), 'state', 'GhostTableMigrated') ON DUPLICATE KEY UPDATE last_update=NOW(), value=VALUES(value);
        INSERT /* gh-ost */ IGNORE INTO _t_gho (id, v) (SELECT id, v FROM t FORCE INDEX (PRIMARY) WHERE id>=1 AND id<=2 LOCK IN SHARE MODE);
        UPDATE t SET v='n' WHERE id=1; REPLACE /* gh-ost */ INTO _t_gho (id, v) VALUES (1,'n'); DELETE FROM t WHERE id=2; DELETE /* gh-ost */ FROM _t_gho WHERE id=2;
        INSERT /* gh-ost */ IGNORE INTO _t_gho (id, v) (SELECT id, v FROM t FORCE INDEX (PRIMARY) WHERE id>2);
        CREATE /* gh-ost */ TABLE _t_del (id int auto_increment primary key) engine=InnoDB comment='ghost-cut-over-sentry'; DROP /* gh-ost */ TABLE IF EXISTS _t_del;
        RENAME /* gh-ost */ TABLE t TO _t_del, _t_gho TO t; DROP TABLE IF EXISTS _t_ghc; DROP TABLE IF EXISTS _t_del; INSERT INTO t VALUES (10,'x',10);
        """;

    // Shadow table, triggers, rows by INSERT LOW_PRIORITY IGNORE, the swap.
    private const string PtOsc =
        """
        CREATE TABLE _t_new (id INT PRIMARY KEY, v VARCHAR(20)); ALTER TABLE _t_new ADD COLUMN w INT NOT NULL DEFAULT 5;
        CREATE TRIGGER pt_osc_del AFTER DELETE ON t FOR EACH ROW DELETE IGNORE FROM _t_new WHERE _t_new.id <=> OLD.id;
        CREATE TRIGGER pt_osc_upd AFTER UPDATE ON t FOR EACH ROW REPLACE INTO _t_new (id, v) VALUES (NEW.id, NEW.v);
        CREATE TRIGGER pt_osc_ins AFTER INSERT ON t FOR EACH ROW REPLACE INTO _t_new (id, v) VALUES (NEW.id, NEW.v);
        INSERT LOW_PRIORITY IGNORE INTO _t_new (id, v) SELECT id, v FROM t LOCK IN SHARE MODE; UPDATE t SET v='n' WHERE id=1; DELETE FROM t WHERE id=2; INSERT INTO t VALUES (8,'i');
        ANALYZE TABLE _t_new; RENAME TABLE t TO _t_old, _t_new TO t; DROP TABLE IF EXISTS _t_old; INSERT INTO t VALUES (10,'x',10);
        """;

    [Theory]
    [InlineData(GhOst, true)]
    [InlineData(GhOst, false)]
    [InlineData(PtOsc, true)]
    [InlineData(PtOsc, false)]
    public async Task A_table_that_a_tool_changes_arrives_changed(string sequence, bool wholeDatabase)
    {
        using var bench = await DdlBench.CreateAsync(
            Tables, t => wholeDatabase ? t : t with { Objects = [new DatabaseSelection(t.Name, t.Name, All: false, [new TableSelection("t", "t")])] });
        await bench.RunAsync();
        await bench.SourceAsync(sequence);
        await bench.RunAsync();
        await bench.SourceAsync("UPDATE t SET w=w+1");
        await bench.RunAsync();
        await bench.AssertSameAsync();
    }

    [Theory]
    [InlineData("DROP TABLE big")]
    [InlineData("RENAME TABLE big TO big2; INSERT INTO big2 VALUES (900000, 'z')")]
    [InlineData("DROP TABLE big; CREATE TABLE big (id INT PRIMARY KEY, w INT); INSERT INTO big VALUES (1,1)")]
    [InlineData("RENAME TABLE big TO tmp, t TO big, tmp TO t; INSERT INTO big VALUES (900000, 'z'); INSERT INTO t VALUES (900000, 'z')")]
    [InlineData("ALTER TABLE big ADD COLUMN w INT; INSERT INTO big VALUES (900000, 'z', 1)")]
    [InlineData("TRUNCATE TABLE big; INSERT INTO big VALUES (900000, 'z')")]
    public async Task Statements_on_a_table_that_is_being_copied_do_not_stop_the_task(string statements)
    {
        using var bench = await DdlBench.CreateAsync(
            Tables + "CREATE TABLE big (id INT PRIMARY KEY, v VARCHAR(200)); SET SESSION cte_max_recursion_depth=1000000; INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<60000) SELECT i, REPEAT('x', 200) FROM n; ANALYZE TABLE big;",
            t => t with { Options = t.Options with { Throttle = t.Options.Throttle with { FullRowsPerSecond = 15000 } } });
        var run = bench.RunAsync();
        await WaitFor.ConditionAsync(
            async _ => run.IsCompleted || await bench.DestinationAsync($"SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='{bench.Database}' AND TABLE_NAME='big'") == "1", TimeSpan.FromSeconds(60), "the copy", CancellationToken.None);
        await bench.SourceAsync(statements);
        await run;
        await bench.RunAsync();
        await bench.AssertSameAsync();
    }
}
