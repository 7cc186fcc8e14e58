using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Versions;

/// <summary>The whole path from, and to, servers of older series: what each does differently is met here and nowhere else.</summary>
public sealed class OldServersTests
{
    // As a server of the time had them: defaults of TIMESTAMP of their own, widths of integers, zero dates, the three bytes of utf8.
    private const string Before = """
        CREATE TABLE base (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(20)); INSERT INTO base (v) VALUES ('a'),('b'),('ü😀');
        SET sql_mode='';
        CREATE TABLE stamps (id INT PRIMARY KEY, a TIMESTAMP, b TIMESTAMP, c TIMESTAMP NULL, d DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3));
        INSERT INTO stamps VALUES (1,'2020-02-29 01:02:03',0,NULL,'0000-00-00'),(2,'1970-01-01 00:00:01','2038-01-19 03:14:07','2001-09-09 01:46:40','9999-12-31 23:59:59.999');
        CREATE TABLE zero (id INT PRIMARY KEY, d DATE NOT NULL DEFAULT '0000-00-00', dt DATETIME, y YEAR, t TIME(6)); INSERT INTO zero VALUES (1,0,'2019-00-00',0,'-838:59:59'),(2,'2020-12-00','0000-00-00',1901,'00:00:00.000001');
        SET sql_mode=DEFAULT;
        CREATE TABLE kinds (a BIGINT UNSIGNED, b VARCHAR(5) CHARACTER SET latin1, n DECIMAL(65,30), f FLOAT, g DOUBLE, bits BIT(64), e ENUM('x','y','') CHARACTER SET utf8, s SET('p','q'),
          bin VARBINARY(20), blb MEDIUMBLOB, txt LONGTEXT CHARACTER SET utf8, geo GEOMETRY, j JSON, gen INT GENERATED ALWAYS AS (CHAR_LENGTH(b)) STORED, virt BIGINT UNSIGNED GENERATED ALWAYS AS (a DIV 2) VIRTUAL,
          i INT(5) ZEROFILL, PRIMARY KEY (a, b)) ROW_FORMAT=COMPRESSED;
        INSERT INTO kinds (a,b,n,f,g,bits,e,s,bin,blb,txt,geo,j,i) VALUES
          (18446744073709551615,'ÿ',-0.000000000000000000000000000001,1.17549e-38,-1.7976931348623157e308,b'1','x','p,q',UNHEX('0027005C0A1A'),REPEAT(UNHEX('00FF275C'),9000),REPEAT('ü\\\t\'',5000),ST_GeomFromText('POINT(1 2)',4326),
           JSON_OBJECT('d',CAST('2020-01-01 01:02:03.456' AS DATETIME(3)),'n',CAST(1.10 AS DECIMAL(5,2)),'x',1.5e0,'b',_binary'ab','h',TIME'-630:01:02','u',CAST(18446744073709551615 AS UNSIGNED),'l',JSON_ARRAY(TRUE,NULL,'"\\ü')),7),
          (0,'',NULL,0.1,2.2250738585072014e-308,18446744073709551615,'',NULL,'','','',ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))'),JSON_QUOTE('x'),NULL);
        CREATE TABLE parts (id INT, d DATE, v VARCHAR(10), PRIMARY KEY (id,d)) PARTITION BY RANGE (YEAR(d)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN MAXVALUE);
        INSERT INTO parts VALUES (1,'1999-12-31','a'),(1,'2000-01-01','b'),(2,'2024-02-29',NULL);
        CREATE TABLE keyless (a INT, b TEXT, c FLOAT); INSERT INTO keyless VALUES (1,'x',0.1),(1,'x',0.1),(NULL,NULL,NULL);
        CREATE TABLE child (id INT PRIMARY KEY, b INT, s VARCHAR(30), KEY s (s), FULLTEXT KEY ft (s), CONSTRAINT cfk FOREIGN KEY (b) REFERENCES base (id) ON DELETE CASCADE ON UPDATE SET NULL);
        INSERT INTO child VALUES (1,1,'one'),(2,2,'two'),(3,NULL,'three');
        CREATE TABLE many (id INT AUTO_INCREMENT PRIMARY KEY, u CHAR(36), KEY u (u)); INSERT INTO many (u) VALUES (UUID()),(UUID()),(UUID()),(UUID());
        INSERT INTO many (u) SELECT UUID() FROM many a, many b, many c, many d, many e, many f; INSERT INTO many (u) SELECT UUID() FROM many a, many b LIMIT 60000;
        CREATE VIEW vw AS SELECT c.id, b.v FROM child c LEFT JOIN base b ON b.id=c.b; CREATE VIEW vx AS SELECT id, CAST(s AS CHAR(9) CHARACTER SET utf8) c, _utf8'é' u FROM child WHERE b AND NOT (s REGEXP 'o');
        CREATE FUNCTION fs(x VARCHAR(5) CHARACTER SET utf8) RETURNS VARCHAR(9) CHARACTER SET utf8 COLLATE utf8_bin DETERMINISTIC RETURN x; CREATE FUNCTION fn(x INT) RETURNS INT(11) UNSIGNED DETERMINISTIC RETURN x+1; CREATE PROCEDURE pr(IN a INT) SELECT fn(a);
        CREATE TRIGGER tr BEFORE UPDATE ON child FOR EACH ROW SET NEW.s=CONCAT(NEW.s,'!'); CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR DO SELECT 1;
        """;

    private const string After = """
        UPDATE child SET s=CONCAT('n',id); DELETE FROM base WHERE id=1; INSERT INTO keyless SELECT * FROM keyless; DELETE FROM keyless WHERE a=1 LIMIT 1; UPDATE kinds SET a=5, j=JSON_SET(j,'$.k',2.5e0), txt=CONCAT(txt,'.') WHERE b='ÿ'; UPDATE parts SET d='1998-01-01' WHERE id=2;
        UPDATE stamps SET a=a, b='2021-03-28 01:30:00' WHERE id=1; UPDATE many SET u='x' WHERE id % 100 = 0; DELETE FROM many WHERE id BETWEEN 500 AND 700;
        CREATE TABLE n1 (id INT PRIMARY KEY, v VARCHAR(20) UNIQUE) DEFAULT CHARSET=utf8mb4; INSERT INTO n1 VALUES (1,'a'),(2,'b'); CREATE TABLE n2 (id INT PRIMARY KEY, v VARCHAR(20) CHARACTER SET utf8mb4, w TEXT CHARACTER SET latin1); INSERT INTO n2 VALUES (1,'ß','ss');
        ALTER TABLE n2 ADD x VARCHAR(10) CHARACTER SET utf8mb4, ADD z ENUM('a','b') CHARACTER SET utf8;
        SET sql_mode='ALLOW_INVALID_DATES'; CREATE TABLE n3 (id INT(11) UNSIGNED ZEROFILL PRIMARY KEY, ts TIMESTAMP, ts2 TIMESTAMP NULL, d DATETIME DEFAULT CURRENT_TIMESTAMP, y YEAR(4)) ROW_FORMAT=COMPACT; INSERT INTO n3 (id, d) VALUES (5,'2020-02-31');
        ALTER TABLE base ADD t1 TIMESTAMP NULL, ADD f FLOAT(7,2), ADD j JSON, ADD g INT GENERATED ALWAYS AS (CHAR_LENGTH(v)) VIRTUAL; UPDATE base SET j='{"a": 1.5, "b": [1, "x"]}', f=1.239;
        CREATE TABLE lk LIKE base; INSERT INTO lk (v) SELECT v FROM base; CREATE TABLE mb (id INT PRIMARY KEY, v NATIONAL VARCHAR(10), c CHAR(5) CHARACTER SET ucs2, t TINYTEXT) CHARSET=utf8; INSERT INTO mb VALUES (1,'é','x','y');
        SET sql_mode=''; ALTER TABLE zero ADD e DATE NOT NULL; SET sql_mode='ANSI'; CREATE TABLE "an si" ("x" INT PRIMARY KEY, y VARCHAR(3) DEFAULT 'q'); INSERT INTO "an si" (x) VALUES (1); SET sql_mode=DEFAULT;
        ALTER TABLE parts REORGANIZE PARTITION p1 INTO (PARTITION pa VALUES LESS THAN (2010), PARTITION pb VALUES LESS THAN MAXVALUE); INSERT INTO parts VALUES (9,'2009-01-01','z'); ALTER TABLE parts TRUNCATE PARTITION p0;
        RENAME TABLE n2 TO n2r; ALTER TABLE n1 DROP INDEX v, ADD UNIQUE u (v(5)), ADD FULLTEXT ft (v); OPTIMIZE TABLE n1; TRUNCATE lk; INSERT INTO lk (v) VALUES ('t');
        CREATE TABLE geo (id INT PRIMARY KEY, g GEOMETRY NOT NULL, SPATIAL KEY (g)); INSERT INTO geo VALUES (1, ST_GeomFromText('POINT(1 2)')); DROP TABLE mb; ALTER TABLE many DROP COLUMN u, ADD w VARBINARY(9) FIRST; INSERT INTO many (w) VALUES (UNHEX('FF00'));
        CREATE PROCEDURE pp() SELECT 2; DROP PROCEDURE pr; ALTER DATABASE CHARACTER SET utf8mb4; CREATE TABLE late (id INT PRIMARY KEY, v VARCHAR(4)); INSERT INTO late VALUES (1,'ß');
        XA START 'old'; INSERT INTO late VALUES (2,'xa'); XA END 'old'; XA PREPARE 'old'; XA COMMIT 'old';
        """;

    // What servers say differently of the same column.
    private const string Columns = """
        SELECT table_name, column_name, REPLACE(REPLACE(REPLACE(REPLACE(column_type,'int(11)','int'),'int(20)','bigint'),'bigbigint','bigint'),'year(4)','year'), REPLACE(REPLACE(character_set_name,'utf8mb3','utf8'),'utf8mb4','utf8m4'),
          REPLACE(collation_name,'utf8mb3_','utf8_'), LOWER(column_default), is_nullable, LOWER(REPLACE(extra,'DEFAULT_GENERATED','')) REGEXP 'auto|on update|virtual|stored'
        FROM information_schema.columns WHERE table_schema='{0}' ORDER BY 1,2
        """;

    private const string Stored = """
        SELECT 'routine', routine_name, routine_definition FROM information_schema.routines WHERE routine_schema='{0}'
        UNION ALL SELECT 'trigger', trigger_name, action_statement FROM information_schema.triggers WHERE trigger_schema='{0}'
        UNION ALL SELECT 'event', event_name, event_definition FROM information_schema.events WHERE event_schema='{0}'
        UNION ALL SELECT 'view', table_name, character_set_client FROM information_schema.views WHERE table_schema='{0}' ORDER BY 1,2
        """;

    [Theory]
    [MySqlSeries("5.7")]
    [MySqlSeries("8.0")]
    [MySqlSeries("8.4")]
    public async Task Everything_of_an_older_source_arrives_and_is_followed(string series)
    {
        await using var source = await MySqlServer.StartAsync(new() { Name = "source", Series = series }, CancellationToken.None);
        await MigrateAsync(source, await SharedServers.DestinationAsync(CancellationToken.None), series);
    }

    [Theory]
    [MySqlSeries("5.7")]
    [MySqlSeries("8.0")]
    [MySqlSeries("8.4")]
    public async Task Everything_arrives_between_two_servers_of_an_older_series(string series)
    {
        await using var source = await MySqlServer.StartAsync(new() { Name = "source", Series = series, Gtid = false }, CancellationToken.None);
        await using var destination = await MySqlServer.StartAsync(new() { Name = "destination", Series = series }, CancellationToken.None);
        await MigrateAsync(source, destination, series);
    }

    private static async Task MigrateAsync(MySqlServer source, MySqlServer destination, string series)
    {
        using Journey journey = await Journey.CreateAsync(source, destination, "old" + series.Replace(".", "", StringComparison.Ordinal));
        string db = journey.Database;
        foreach (MySqlServer server in new[] { source, destination })
        {
            await server.RunSqlAsync("SET GLOBAL log_bin_trust_function_creators=ON", CancellationToken.None);
        }

        await source.RunSqlAsync($"CREATE DATABASE {db} DEFAULT CHARACTER SET utf8mb4; USE {db};\n{Before}", CancellationToken.None);
        MigrationTask task = journey.Task();
        if (destination.Binaries.Version < source.Binaries.Version)
        {
            await journey.WriteTaskAsync(task);
            Assert.Contains("DestinationVersion", (await journey.RunAsync("run", journey.TaskFile)).Error, StringComparison.Ordinal);
            return;
        }

        await journey.WriteTaskAsync(task with { Options = task.Options with { CopyThreads = 4 } });
        await RunAsync(journey);
        await EqualAsync(journey);

        await source.RunSqlAsync($"USE {db};\n{After}", CancellationToken.None);
        await RunAsync(journey);
        await EqualAsync(journey);
        var (code, output, error) = await journey.RunAsync("activate", journey.TaskFile);
        Assert.True(code == 0, output + error);
        string stored = Stored.Replace("{0}", db, StringComparison.Ordinal);
        string expected = await source.RunSqlAsync(stored, CancellationToken.None);
        Assert.Equal(7, expected.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(expected, await destination.RunSqlAsync(stored, CancellationToken.None));
    }

    private static async Task RunAsync(Journey journey)
    {
        var (code, output, error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, output + error);
    }

    private static async Task EqualAsync(Journey journey)
    {
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
        string columns = Columns.Replace("{0}", journey.Database, StringComparison.Ordinal);
        Assert.Equal(await journey.Source.RunSqlAsync(columns, CancellationToken.None), await journey.Destination.RunSqlAsync(columns, CancellationToken.None));
    }
}
