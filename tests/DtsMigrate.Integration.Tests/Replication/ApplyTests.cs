using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Changes of every kind and type arrive exactly: as upserts while a table is fuzzy, strictly after, and by full-row match without a key.</summary>
public sealed class ApplyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private const string AllTypes =
        """
        ti TINYINT, tu TINYINT UNSIGNED, si SMALLINT, mi MEDIUMINT UNSIGNED ZEROFILL, ii INT, bi BIGINT, bu BIGINT UNSIGNED,
        de DECIMAL(65,30), d2 DECIMAL(10,2) UNSIGNED, fl FLOAT, db DOUBLE, b1 BIT, b64 BIT(64), ye YEAR,
        da DATE, tm TIME, t6 TIME(6), dt DATETIME, d6 DATETIME(6), ts TIMESTAMP NULL, s6 TIMESTAMP(6) NULL,
        c1 CHAR(10), c2 VARCHAR(300), bn BINARY(8), vb VARBINARY(20), te TEXT, bl BLOB,
        la VARCHAR(20) CHARACTER SET latin1, gb VARCHAR(20) CHARACTER SET gbk, sj VARCHAR(20) CHARACTER SET sjis, u16 VARCHAR(20) CHARACTER SET utf16,
        u3 VARCHAR(20) CHARACTER SET utf8mb3, cy VARCHAR(20) CHARACTER SET cp1251,
        en ENUM('','a','b'), se SET('x','y','z'), js JSON, ge GEOMETRY, ve VECTOR(3),
        gv INT GENERATED ALWAYS AS (ii DIV 3) VIRTUAL, gs INT GENERATED ALWAYS AS (ii DIV 2) STORED, inv INT INVISIBLE
        """;

    private const string Columns =
        "ti,tu,si,mi,ii,bi,bu,de,d2,fl,db,b1,b64,ye,da,tm,t6,dt,d6,ts,s6,c1,c2,bn,vb,te,bl,la,gb,sj,u16,u3,cy,en,se,js,ge,ve,inv";

    private const string Modes = "SET sql_mode='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone='+00:00';";

    private static string Rows(string table, string key) => Modes + string.Join(
        ';',
        new[]
        {
            "-128,255,-32768,5,-2147483648,-9223372036854775808,18446744073709551615,'-99999999999999999999999999999999999.999999999999999999999999999999',0.01,16777217,1e308,b'1',18446744073709551615,2155,"
            + "'0000-00-00','-838:59:59','-838:59:58.999999','0000-00-00 00:00:00','2024-02-31 00:00:00.000001','0000-00-00 00:00:00','2038-01-19 03:14:07.999999',"
            + "'a  ','b  ',x'0102030000000000',x'00',REPEAT('te''x\\\\t\\0',20),x'000a0d1a5c2700ff','ÿé','中文','表ソ','😀a','é€','Жя','a','x,z','{\"a\": [1, 1.0, \"é\\\\n\"], \"b\": null}',ST_GeomFromText('POINT(1 2)',4326),STRING_TO_VECTOR('[1,2,3.5]'),7",
            "127,0,0,16777215,0,0,0,0,99999999.99,0.1,-0e0,b'0',0,1901,"
            + "'2024-02-31','838:59:59','00:00:00.1','2024-00-00 00:00:00','9999-12-31 23:59:59.999999','1970-01-01 00:00:01','2024-10-27 01:30:00.5',"
            + "'','',x'','','',x'','','','','','','','','','{}',ST_GeomFromText('LINESTRING(0 0,1 1)'),NULL,NULL",
            "1,1,1,1,1,1,1,0.000000000000000000000000000001,0,-0e0,5e-324,1,5,0,"
            + "'2024-05-00','00:00:00','00:00:00','2024-01-01 00:00:00','0000-00-00 00:00:00','2024-03-31 01:30:00','2024-03-31 02:30:00',"
            + "'A','É',x'0000000000000001',x'6100',REPEAT('😀',50),REPEAT(x'00ff',3000),'€','一','ﾊ','﷽','€',CONVERT(x'98' USING cp1251),'b','y','[true, 18446744073709551615, -1e-7, \"\"]',NULL,STRING_TO_VECTOR('[-0.5,1e-10,3]'),0",
            "0,0,0,0,5,0,0,0,0,3.40282347e38,2.2250738585072014e-308,0,0,2000,"
            + "'9999-12-31','00:00:01','00:00:00.000001','1000-01-01 00:00:00','1000-01-01 00:00:00.5','2024-01-01 00:00:00','2024-01-01 00:00:00',"
            + "'x','y',x'ff',x'ff','z','z','a','a','a','a','a','a',0,0,'null',ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'),STRING_TO_VECTOR('[0,0,0]'),1",
            "NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL",
        }.Select((values, i) => $"INSERT IGNORE INTO {table} ({key}{Columns}) VALUES ({(key.Length > 0 ? $"{i + 1}," : string.Empty)}{values})")) + ';';

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Every_type_arrives_through_insert_update_and_delete(bool fuzzy, bool merging)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, new ApplyTuning { AlwaysMerge = merging });
        string ddl = $"CREATE TABLE t (id INT PRIMARY KEY, {AllTypes});CREATE TABLE u (id INT PRIMARY KEY, {AllTypes});{Rows("u", "id,")}";
        string changes = Rows("t", "id,") + Modes
            + "UPDATE t a JOIN t b ON b.id = 1 + a.id % 5 SET " + string.Join(',', Columns.Split(',').Select(c => $"a.{c} = b.{c}")) + ";"
            + "UPDATE u SET id = id + 100, fl = 3.3; UPDATE u SET ii = ii + 1, en = 0 WHERE id < 103; DELETE FROM u WHERE id = 104; DELETE FROM t WHERE id IN (2, 3);"
            + "INSERT INTO u (id) VALUES (1), (2); UPDATE u SET id = id + 10 WHERE id < 10;";
        await bench.PrepareAsync(ddl, fuzzy ? changes : null, limit.Token);
        await bench.StartAsync(limit.Token);
        if (!fuzzy)
        {
            await bench.SourceAsync(changes, limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.True(bench.Replicator.AllLive);
        Assert.DoesNotContain(bench.Log.Entries, e => e.Level != Engine.Progress.LogLevel.Info);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Several_rows_are_deleted_by_keys_that_have_enum_and_set_columns(bool fuzzy)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        string ddl = "CREATE TABLE t (n INT, e ENUM('','a','b'), s SET('x','y'), PRIMARY KEY (n, e, s)); CREATE TABLE o (e ENUM('','a','b') PRIMARY KEY);"
            + "INSERT INTO t VALUES (1,'','x'),(1,'a','x,y'),(2,'b',''),(3,'a','y'),(4,'b','x'); INSERT INTO o VALUES (''),('a'),('b');";
        const string Changes = "DELETE FROM t WHERE n<3; DELETE FROM t WHERE n=4; DELETE FROM o WHERE e<>'a';";
        await bench.PrepareAsync(ddl, fuzzy ? Changes : null, limit.Token);
        await bench.StartAsync(limit.Token);
        if (!fuzzy)
        {
            await bench.SourceAsync(Changes, limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("1", await bench.DestinationValueAsync("SELECT COUNT(*) FROM t", limit.Token));
    }

    [Fact]
    public async Task Rows_without_a_key_are_found_by_their_whole_content()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync($"CREATE TABLE t ({AllTypes});{Rows("t", string.Empty)}{Rows("t", string.Empty)}CREATE TABLE d (a INT, b VARCHAR(10), f DOUBLE);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync(
            Modes + "INSERT INTO d VALUES (1,'x',0),(1,'x',0),(1,'X',0),(1,'x ',0),(1,'x',-0e0),(NULL,NULL,NULL);"
            + "DELETE FROM d WHERE b = BINARY 'x' LIMIT 1; DELETE FROM d WHERE b = BINARY 'X'; DELETE FROM d WHERE CAST(f AS CHAR) = '-0'; DELETE FROM d WHERE a IS NULL;"
            + "UPDATE t SET ii = 77 LIMIT 3; UPDATE t SET inv = 4 WHERE ii IS NULL; UPDATE t SET en = 0 WHERE en = 'a' LIMIT 1;"
            + Rows("t", string.Empty) + "DELETE FROM t LIMIT 9;",
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_of_every_kind_are_found(bool merging)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, new ApplyTuning { AlwaysMerge = merging });
        await bench.PrepareAsync(
            """
            CREATE TABLE s (k VARCHAR(50), v INT, PRIMARY KEY (k)) COLLATE utf8mb4_0900_ai_ci;
            CREATE TABLE c (a INT UNSIGNED, b CHAR(5) CHARACTER SET gbk, c DATETIME(3), v INT, PRIMARY KEY (a, b, c));
            CREATE TABLE b (k BINARY(4) PRIMARY KEY, v INT);
            CREATE TABLE e (k ENUM('x','y') NOT NULL, s SET('p','q') NOT NULL, z BIT(9) NOT NULL, v INT, UNIQUE (k, s, z));
            CREATE TABLE d (k DECIMAL(20,5) PRIMARY KEY, v INT);
            CREATE TABLE l (k VARCHAR(9) CHARACTER SET utf16 COLLATE utf16_bin NOT NULL UNIQUE, v INT);
            CREATE TABLE n (k VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL UNIQUE, v INT);
            CREATE TABLE w (id INT PRIMARY KEY, u INT UNIQUE, v INT);
            """,
            null,
            limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync(
            """
            INSERT INTO s VALUES ('a',1),('',2),('ß',3),('😀',4),('it''s',5); UPDATE s SET k='A' WHERE k='a'; UPDATE s SET v=9; DELETE FROM s WHERE k='';
            INSERT INTO c VALUES (1,'中','2024-01-01 00:00:00.123',1),(4294967295,'','0001-01-01',2); UPDATE c SET v=v+1, c='2024-01-01'; DELETE FROM c WHERE a=1;
            INSERT INTO b VALUES (x'01',1),(x'0100',2),(x'00000001',3) ON DUPLICATE KEY UPDATE v=7; UPDATE b SET v=5; DELETE FROM b WHERE k=x'01000000';
            INSERT INTO e VALUES ('x','p,q',257,1),('y','',0,2); UPDATE e SET v=3; DELETE FROM e WHERE k='y';
            INSERT INTO d VALUES (1.5,1),(-999999999999999.99999,2); UPDATE d SET v=3; DELETE FROM d WHERE k=1.5;
            INSERT INTO l VALUES ('é😀',1),('',2),('b',3); UPDATE l SET v=4; DELETE FROM l WHERE k='';
            INSERT INTO n VALUES ('é',1),('B',2); UPDATE n SET v=4; UPDATE n SET k='b' WHERE k='B'; DELETE FROM n WHERE k='é';
            INSERT INTO w VALUES (1,1,1),(2,2,2),(3,3,3); UPDATE w SET u=u+10 ORDER BY u DESC; UPDATE w SET u=NULL WHERE id=1; UPDATE w SET u=12 WHERE id=3 AND u<>12 AND id=99;
            BEGIN; UPDATE w SET u=NULL WHERE id=2; UPDATE w SET u=12 WHERE id=3; UPDATE w SET u=13 WHERE id=2; COMMIT;
            """,
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unique_values_that_swap_while_a_table_is_fuzzy_end_where_they_belong(bool merging)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token, new ApplyTuning { AlwaysMerge = merging });
        await bench.PrepareAsync(
            "CREATE TABLE w (id INT PRIMARY KEY, u INT UNIQUE, v INT); INSERT INTO w VALUES (1,1,1),(2,2,2),(3,3,3);",
            "BEGIN; UPDATE w SET u=NULL WHERE id=1; UPDATE w SET u=1 WHERE id=2; UPDATE w SET u=2 WHERE id=1; COMMIT; UPDATE w SET id=9 WHERE id=3; INSERT INTO w VALUES (3,33,3);",
            limit.Token);

        // As a copy might have read it: two rows from later than the watermark, one not at all.
        await bench.DestinationAsync("UPDATE w SET u=NULL WHERE id=1; DELETE FROM w WHERE id=2; INSERT INTO w VALUES (9,33,9) ON DUPLICATE KEY UPDATE v=0;", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task Rows_that_differ_on_the_destination_are_overwritten_where_the_task_says_so()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var bench = new ReplicationBench(source, destination, mode: ConflictMode.IgnoreErrorsAndProceed);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE, v INT); INSERT INTO t VALUES (1,1,1),(2,2,2),(3,3,3);", null, limit.Token);
        await bench.DestinationAsync("DELETE FROM t WHERE id=1; UPDATE t SET v=77; INSERT INTO t VALUES (4,9,9)", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync("UPDATE t SET v=5 WHERE id<3; DELETE FROM t WHERE id=3; INSERT INTO t VALUES (4,4,4); UPDATE t SET u=9 WHERE id=2;", limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_transaction_larger_than_every_buffer_is_applied_whole()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync("CREATE TABLE g (id INT PRIMARY KEY, v LONGBLOB);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync(
            "SET cte_max_recursion_depth=100000; BEGIN; INSERT INTO g WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<20000) SELECT i, REPEAT(CHAR(i%256), 2000) FROM c;"
            + "INSERT INTO g VALUES (-1, REPEAT(x'00', 6000000)); UPDATE g SET v=CONCAT('x',v) WHERE id%2=0; DELETE FROM g WHERE id%3=0; COMMIT;",
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task Rows_near_the_packet_limit_arrive_and_a_larger_one_is_named()
    {
        using var limit = new CancellationTokenSource(Limit);
        var settings = new Dictionary<string, string?> { ["max-allowed-packet"] = "1M" };
        await using var destination = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "narrow", Settings = settings }, limit.Token);
        await using var bench = new ReplicationBench(await SharedServers.SourceAsync(limit.Token), destination);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync(
            "BEGIN; INSERT INTO t VALUES (1,REPEAT('a',600000)),(2,REPEAT('b',400000)),(3,REPEAT('c',700000)),(4,'d'),(5,REPEAT('e',1040000)); UPDATE t SET v=CONCAT(v,'x'); DELETE FROM t WHERE id=3; COMMIT;",
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);

        await bench.SourceAsync("INSERT INTO t VALUES (6,REPEAT('f',1100000))", limit.Token);
        var failure = await Assert.ThrowsAsync<MySql.Errors.DtsMigrateException>(() => bench.Run.WaitAsync(limit.Token));
        Assert.Equal("RowTooLarge", failure.Code);
        Assert.Contains("(`id`=6)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("max_allowed_packet", failure.RecommendedAction!, StringComparison.Ordinal);

        // The remedy is the whole remedy.
        await bench.DestinationAsync("SET GLOBAL max_allowed_packet=67108864", limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }
}
