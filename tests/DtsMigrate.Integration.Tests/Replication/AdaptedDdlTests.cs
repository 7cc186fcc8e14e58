using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Replication.Ddl;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>The temporary tables of online DDL tools are left out, and what the tools do arrives as what it means: tools move real tables by their own sequences of statements while rows change.</summary>
public sealed class AdaptedDdlTests
{
    private const string AllTypes =
        "a TINYINT UNSIGNED, b BIGINT UNSIGNED, c DECIMAL(20,5), d FLOAT, e DOUBLE, g BIT(10), h YEAR, i DATE, j DATETIME(3), k TIMESTAMP(6) NULL, l TIME(2), m CHAR(5), n VARCHAR(20) CHARACTER SET latin1, o BINARY(6), p VARBINARY(9), q TEXT, r BLOB,"
        + " s ENUM('x','y'), u SET('p','q'), w JSON, x GEOMETRY SRID 4326, z INT(8) ZEROFILL, zd DECIMAL(9,3) ZEROFILL, inv INT INVISIBLE DEFAULT 3, y INT AS (id*2), ys INT AS (id*3) STORED";

    private const string AllValues =
        "255,18446744073709551615,-123456789012345.67891,1.1,-0e0,b'1010101010',2155,'0000-00-00','2024-02-30 01:02:03.123','2038-01-19 03:14:07.999999','-838:59:58.99','ab ','ü',X'0100','a\0b','téxt',X'00FF','y','p,q','{\"a\": [1, 1.5, null, \"é\"]}',ST_GeomFromText('POINT(1 2)',4326),7,-0.5,4";

    private const string Columns = "a,b,c,d,e,g,h,i,j,k,l,m,n,o,p,q,r,s,u,w,x,z,zd,inv";

    private const string ModelsOfNobody =
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='dts_migrate' AND TABLE_NAME LIKE 'shadow\\_%\\_%' AND TABLE_NAME NOT IN (SELECT model FROM dts_migrate.shadow_table)";

    [Fact]
    public async Task What_a_tool_does_to_a_table_is_done_to_the_destinations()
    {
        using var bench = await BenchAsync(
            OnlineDdlMode.AdaptDms,
            Plain("g") + Plain("p") + Plain("d") + Plain("dup") + Plain("now") + Plain("mine") + Plain("trg") + Plain("jt", "v JSON")
            + $"CREATE TABLE v (id INT PRIMARY KEY, {AllTypes}, CONSTRAINT v_chk_1 CHECK (id>0)); SET sql_mode='ALLOW_INVALID_DATES'; INSERT INTO v (id,{Columns}) VALUES (1,{AllValues}); INSERT INTO v (id) VALUES (2),(3);"
            + "CREATE TABLE part (id INT PRIMARY KEY, v VARCHAR(20)) PARTITION BY HASH (id) PARTITIONS 2; INSERT INTO part VALUES (1,'a'),(2,'b'),(3,'c'); CREATE TABLE _u_old (id INT PRIMARY KEY); INSERT INTO _u_old VALUES (1);");
        await bench.RunAsync();
        Assert.Equal("0", await bench.DestinationAsync($"SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='{bench.Database}' AND TABLE_NAME LIKE '\\_%'"));

        // Stopped and started again in the middle of each.
        string[] tables = ["g", "part", "dup", "now", "mine", "trg", "jt"];
        await bench.SourceAsync(string.Concat(tables.Select(t => Begin(t, Change(t))))
            + "CREATE TABLE _v_gho LIKE v; ALTER TABLE _v_gho ADD COLUMN nw BIGINT DEFAULT 7 AFTER id, DROP COLUMN q, ALGORITHM=INPLACE; ALTER TABLE _v_gho AUTO_INCREMENT=17; SET sql_mode='ALLOW_INVALID_DATES'; "
            + $"INSERT IGNORE INTO _v_gho (id,{Columns.Replace("q,", string.Empty, StringComparison.Ordinal)}) SELECT id,{Columns.Replace("q,", string.Empty, StringComparison.Ordinal)} FROM v LOCK IN SHARE MODE;"
            + "UPDATE jt SET v=JSON_ARRAY(CAST(1.5 AS DECIMAL(5,2))) WHERE id=3; REPLACE INTO _jt_gho (id, v) SELECT id, v FROM jt WHERE id=3;"
            + "CREATE TABLE `_p_new` (`id` int NOT NULL, `v` varchar(20) DEFAULT NULL, PRIMARY KEY (`id`)); ALTER TABLE `_p_new` CHANGE v vv VARCHAR(50) NOT NULL DEFAULT ''; INSERT LOW_PRIORITY IGNORE INTO _p_new (id, vv) SELECT id, v FROM p LOCK IN SHARE MODE;"
            + "CREATE TABLE tp_77_ogt_d LIKE d; ALTER TABLE tp_77_ogt_d MODIFY v VARCHAR(200) CHARACTER SET latin1; INSERT INTO tp_77_ogt_d SELECT * FROM d; CREATE TABLE tp_77_ogl_d (id INT PRIMARY KEY);");
        await bench.RunAsync();
        await bench.SourceAsync(string.Concat(tables.Where(t => t is not ("jt" or "dup")).Select(Follow)) + "DELETE FROM p WHERE id=2; DELETE FROM _p_new WHERE id=2; UPDATE d SET v='ü' WHERE id=1; REPLACE INTO tp_77_ogt_d SELECT * FROM d WHERE id=1; DELETE FROM v WHERE id=3; DELETE FROM _v_gho WHERE id=3;"
            + "START TRANSACTION; UPDATE g SET v='x' WHERE id=1; UPDATE _g_gho SET v='x' WHERE id=1; SAVEPOINT s; DELETE FROM _g_gho WHERE id=3; ROLLBACK TO s; COMMIT; UPDATE _mine_gho SET v='other' WHERE id=1; INSERT INTO dup VALUES (9,'a'); INSERT IGNORE INTO _dup_gho VALUES (9,'a'); DELETE FROM dup WHERE id=1; DELETE FROM _dup_gho WHERE id=1;");
        await bench.RunAsync();
        Assert.Equal("10", await bench.DestinationAsync($"SELECT COUNT(*) FROM dts_migrate.shadow_table WHERE task='{bench.Task.Name}'"));
        await DdlBench.OnAsync(bench.Destination, $"CREATE TRIGGER {bench.Database}.held BEFORE DELETE ON {bench.Database}.trg FOR EACH ROW SET @x=1");
        await bench.SourceAsync(string.Concat(tables.Append("v").Select(End)) + "RENAME TABLE p TO _p_old, _p_new TO p; DROP TABLE _p_old; RENAME TABLE d TO tp_77_del_d, tp_77_ogt_d TO d; DROP TABLE tp_77_del_d, tp_77_ogl_d;"
            + "INSERT INTO g VALUES (10,'x',10); INSERT INTO p VALUES (10,'x'); INSERT INTO d VALUES (10,'é'); INSERT INTO v (id,nw) VALUES (10,10); UPDATE now SET v='z'; DELETE FROM mine WHERE id=1; DROP TABLE _u_old;");
        await bench.RunAsync();
        await bench.AssertSameAsync();
        var log = (await bench.LogAsync()).ToDictionary(e => e.Objects[(e.Objects.IndexOf('.', StringComparison.Ordinal) + 1)..e.Objects.IndexOf(" TO", StringComparison.Ordinal)]);
        Assert.All(log.Values, e => Assert.Equal(DdlOutcome.Done, e.Outcome));
        Assert.All(new[] { "g", "part", "p", "d", "v", "dup", "now", "mine" }, t => Assert.StartsWith("ALTER", log[t].Executed, StringComparison.Ordinal));
        Assert.Equal(
            "dup,jt,mine,now,trg",
            await bench.DestinationAsync($"SELECT GROUP_CONCAT(source_table ORDER BY 1) FROM dts_migrate.table_copy WHERE task='{bench.Task.Name}' AND state='Live' AND (attempt>1 OR number>12)"));
        Assert.Equal("0", await bench.DestinationAsync(ModelsOfNobody));
        Assert.Equal("0", await bench.DestinationAsync("SELECT COUNT(*) FROM dts_migrate.shadow_table WHERE task='" + bench.Task.Name + "'"));
    }

    [Fact]
    public async Task A_swap_that_was_cut_is_settled_and_a_tool_that_began_before_the_task_is_waited_for()
    {
        using var bench = await DdlBench.CreateAsync(
            Plain("t") + Plain("early") + New("early"), t => t with { Options = t.Options with { OnlineDdl = new() { Mode = OnlineDdlMode.AdaptPtOsc }, TriggerMethod = TriggerMethod.Automatic } });
        await bench.RunAsync();
        await bench.SourceAsync(New("t") + "UPDATE t SET v='n' WHERE id=1; DELETE FROM early WHERE id=2; INSERT INTO t VALUES (8,'i'); INSERT INTO early VALUES (8,'i');");
        await KilledAsync(bench, "ending", "ALTER TABLE _t_new");
        await bench.SourceAsync(string.Concat(new[] { "t", "early" }.Select(t => $"ANALYZE TABLE _{t}_new; RENAME TABLE {t} TO _{t}_old, _{t}_new TO {t}; DROP TABLE IF EXISTS _{t}_old; INSERT INTO {t} VALUES (10,'x',10);")));
        await KilledAsync(bench, "begun", "RENAME TABLE t ");
        await KilledAsync(bench, "run", "RENAME TABLE t ");
        await bench.RunAsync();
        await bench.AssertSameAsync();
        Assert.Equal("0", await bench.DestinationAsync($"SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA='{bench.Database}'"));
        Assert.Equal("t Live 1", await bench.DestinationAsync($"SELECT CONCAT(source_table, ' ', state, ' ', attempt) FROM dts_migrate.table_copy WHERE task='{bench.Task.Name}' AND source_table='t'"));
        Assert.Equal("0", await bench.DestinationAsync(ModelsOfNobody));
    }

    [Fact]
    public async Task A_task_that_cannot_copy_again_stops_where_a_tool_has_made_other_rows()
    {
        using var bench = await DdlBench.CreateAsync(
            "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20));", t => t with { MigrationTypes = MigrationTypes.Schema | MigrationTypes.Incremental, Options = t.Options with { OnlineDdl = new() { Mode = OnlineDdlMode.AdaptGhOst } } });
        await bench.RunAsync();
        await bench.SourceAsync("INSERT INTO t VALUES (1,'a'),(2,'a');" + Begin("t", "ADD COLUMN w INT DEFAULT 5") + End("t") + "INSERT INTO t VALUES (3,'c',5); " + Begin("t", "ADD UNIQUE KEY u (v)") + "DELETE FROM t WHERE id=1; DELETE FROM _t_gho WHERE id=1;" + End("t"));
        var failure = await Assert.ThrowsAsync<DtsMigrateException>(bench.RunAsync);
        Assert.Equal("DdlNotExact", failure.Code);
        Assert.Contains("has left 1 rows in it, and the same change 2", failure.Message, StringComparison.Ordinal);
        Assert.Equal("3", await bench.DestinationAsync($"SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA='{bench.Database}' AND TABLE_NAME='t'"));
    }

    [Fact]
    public async Task Tables_with_foreign_keys_are_copied_again_and_those_with_triggers_arrive_as_well()
    {
        // Shadow table and the one that is put away, of each tool.
        (string Tool, string Shadow, string Away)[] tools = [("g", "_{0}_gho", "_{0}_del"), ("p", "_{0}_new", "_{0}_old"), ("d", "tp_5_ogt_{0}", "tp_5_del_{0}")];
        using var bench = await BenchAsync(
            OnlineDdlMode.AdaptDms,
            string.Concat(tools.Select(t =>
                $"""
                {Plain(t.Tool + "par")} CREATE TABLE {t.Tool}chi (id INT PRIMARY KEY, p INT, v VARCHAR(20), CONSTRAINT {t.Tool}_fk FOREIGN KEY (p) REFERENCES {t.Tool}par (id) ON DELETE CASCADE); INSERT INTO {t.Tool}chi VALUES (1,1,'a'),(2,2,'b'),(3,3,'c');
                {Plain(t.Tool + "own")} CREATE TRIGGER {t.Tool}_stamp BEFORE UPDATE ON {t.Tool}own FOR EACH ROW SET NEW.v=CONCAT('s', NEW.v);
                """)));
        await bench.RunAsync();
        foreach (var (tool, shadow, away) in tools)
        {
            string key = $"FOREIGN KEY (p) REFERENCES {tool}par (id) ON DELETE CASCADE";
            await bench.SourceAsync(
                Swap(tool + "own", "id, v", string.Empty) + $"CREATE TRIGGER {tool}_stamp BEFORE UPDATE ON {tool}own FOR EACH ROW SET NEW.v=CONCAT('s', NEW.v);"
                + Swap(tool + "par", "id, v", string.Empty, $"ALTER TABLE {tool}chi DROP FOREIGN KEY {tool}_fk, ADD CONSTRAINT {tool}_fk2 {key};")
                + Swap(tool + "chi", "id, p, v", $", ADD CONSTRAINT _{tool}_fk {key}")
                + $"UPDATE {tool}own SET v='z' WHERE id<3; DELETE FROM {tool}par WHERE id=2; INSERT INTO {tool}chi VALUES (7,3,'seven',7);");

            string Swap(string table, string columns, string more, string after = "")
            {
                string made = string.Format(System.Globalization.CultureInfo.InvariantCulture, shadow, table);
                string old = string.Format(System.Globalization.CultureInfo.InvariantCulture, away, table);
                string triggers = tool != "p" ? string.Empty
                    : $"CREATE TRIGGER pt_{table}_del AFTER DELETE ON {table} FOR EACH ROW DELETE IGNORE FROM {made} WHERE {made}.id <=> OLD.id; CREATE TRIGGER pt_{table}_upd AFTER UPDATE ON {table} FOR EACH ROW REPLACE INTO {made} (id, v) VALUES (NEW.id, NEW.v);";
                return $"CREATE TABLE {made} LIKE {table}; ALTER TABLE {made} ADD COLUMN w INT NOT NULL DEFAULT 5{more}; {triggers} INSERT IGNORE INTO {made} ({columns}) SELECT {columns} FROM {table} LOCK IN SHARE MODE;"
                    + $"UPDATE {table} SET v='n' WHERE id=1; {(tool == "p" ? string.Empty : $"REPLACE INTO {made} ({columns}) SELECT {columns} FROM {table} WHERE id=1;")} RENAME TABLE {table} TO {old}, {made} TO {table}; {after} DROP TABLE {old};";
            }
        }

        await bench.RunAsync();
        await bench.AssertSameAsync();
        await bench.SourceAsync(string.Concat(tools.Select(t => $"DELETE FROM {t.Tool}par WHERE id=3; INSERT INTO {t.Tool}par VALUES (9,'x',1); UPDATE {t.Tool}own SET v='y';")));
        await bench.RunAsync();
        await bench.AssertSameAsync();
        Assert.Equal(
            "dchi,down,dpar,gchi,gown,gpar,pchi,pown,ppar",
            await bench.DestinationAsync($"SELECT GROUP_CONCAT(source_table ORDER BY 1) FROM dts_migrate.table_copy WHERE task='{bench.Task.Name}' AND state='Live'"));

        // Triggers are not on the destination before the end: there is nothing in the way of altering.
        Assert.Equal("down,gown,pown", await bench.DestinationAsync($"SELECT GROUP_CONCAT(source_table ORDER BY 1) FROM dts_migrate.table_copy WHERE task='{bench.Task.Name}' AND state='Live' AND attempt=1 AND number<=9"));
        Assert.Equal("0", await bench.DestinationAsync(ModelsOfNobody));
    }

    private static async Task KilledAsync(DdlBench bench, string moment, string statement)
    {
        int left = 1;
        DdlRunner.Interrupt = (at, text) => at == moment && text.StartsWith(statement, StringComparison.Ordinal) && left-- > 0 ? throw new DtsMigrateException("Killed", "The worker ends here.") : Task.CompletedTask;
        try
        {
            Assert.Equal("Killed", (await Assert.ThrowsAsync<DtsMigrateException>(bench.RunAsync)).Code);
        }
        finally
        {
            DdlRunner.Interrupt = null;
        }
    }

    private static string New(string table) =>
        $"""
        CREATE TABLE `_{table}_new` (`id` int NOT NULL, `v` varchar(20) DEFAULT NULL, PRIMARY KEY (`id`)); ALTER TABLE _{table}_new ADD COLUMN w INT NOT NULL DEFAULT 5, ADD KEY (w);
        CREATE TRIGGER pt_osc_{table}_del AFTER DELETE ON {table} FOR EACH ROW DELETE IGNORE FROM _{table}_new WHERE _{table}_new.id <=> OLD.id;
        CREATE TRIGGER pt_osc_{table}_upd AFTER UPDATE ON {table} FOR EACH ROW REPLACE INTO _{table}_new (id, v) VALUES (NEW.id, NEW.v);
        CREATE TRIGGER pt_osc_{table}_ins AFTER INSERT ON {table} FOR EACH ROW REPLACE INTO _{table}_new (id, v) VALUES (NEW.id, NEW.v);
        INSERT LOW_PRIORITY IGNORE INTO _{table}_new (id, v) SELECT id, v FROM {table} LOCK IN SHARE MODE;
        """;

    private static Task<DdlBench> BenchAsync(OnlineDdlMode mode, string tables) =>
        DdlBench.CreateAsync(tables, t => t with { Options = t.Options with { OnlineDdl = new() { Mode = mode } } });

    private static string Plain(string name, string column = "v VARCHAR(20)") => $"CREATE TABLE {name} (id INT PRIMARY KEY, {column}); INSERT INTO {name} VALUES (1,{(column[2] == 'J' ? "'1'),(2,'2'),(3,'3'" : "'a'),(2,'b'),(3,'c'")});";

    private static string Change(string table) => table switch
    {
        "dup" => "ADD UNIQUE KEY u (v)",
        "now" => "ADD COLUMN w DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)",
        "jt" => "COMMENT 'j'",
        _ => "ADD COLUMN w INT NOT NULL DEFAULT 5, ADD INDEX i (v)",
    };

    private static string Begin(string table, string alter) =>
        $"""
        CREATE /* gh-ost */ TABLE _{table}_ghc (id bigint unsigned auto_increment primary key, value varchar(99)); CREATE /* gh-ost */ TABLE _{table}_gho LIKE {table}; ALTER /* gh-ost */ TABLE _{table}_gho {alter};
        INSERT /* gh-ost */ INTO _{table}_ghc (value) VALUES ('GhostTableMigrated'); INSERT /* gh-ost */ IGNORE INTO _{table}_gho (id, v) (SELECT id, v FROM {table} FORCE INDEX (PRIMARY) LOCK IN SHARE MODE);
        """;

    private static string Follow(string table) => $"UPDATE {table} SET v='n' WHERE id=1; REPLACE INTO _{table}_gho (id, v) VALUES (1,'n'); DELETE FROM {table} WHERE id=2; DELETE FROM _{table}_gho WHERE id=2; INSERT INTO {table} (id, v) VALUES (4,'i'); REPLACE INTO _{table}_gho (id, v) VALUES (4,'i');";

    private static string End(string table) =>
        $"CREATE TABLE _{table}_del (id int auto_increment primary key) comment='ghost-cut-over-sentry'; DROP TABLE _{table}_del; RENAME /* gh-ost */ TABLE {table} TO _{table}_del, _{table}_gho TO {table}; DROP TABLE IF EXISTS _{table}_ghc; DROP TABLE _{table}_del;";
}
