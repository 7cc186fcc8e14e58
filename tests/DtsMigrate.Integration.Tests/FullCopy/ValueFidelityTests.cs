namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Each type's awkward values arrive bit for bit, by LOAD DATA and by INSERT.</summary>
public sealed class ValueFidelityTests
{
    private const string SetMembers =
        "'01','02','03','04','05','06','07','08','09','10','11','12','13','14','15','16','17','18','19','20','21','22','23','24','25','26','27','28','29','30','31','32',"
        + "'33','34','35','36','37','38','39','40','41','42','43','44','45','46','47','48','49','50','51','52','53','54','55','56','57','58','59','60','61','62','63','64'";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Numbers_arrive_bit_for_bit(bool load)
    {
        await CopyAsync(
            load,
            """
            CREATE TABLE n (id INT PRIMARY KEY, t TINYINT, tu TINYINT UNSIGNED, s SMALLINT, m MEDIUMINT UNSIGNED ZEROFILL, b BIGINT, bu BIGINT UNSIGNED,
              d DECIMAL(65,30), d2 DECIMAL(10,2) UNSIGNED, f FLOAT, f2 FLOAT(10,3), r DOUBLE, r2 DOUBLE(20,5), bit1 BIT, bit64 BIT(64), y YEAR);
            """,
            """
            INSERT INTO n VALUES
              (0,-128,255,-32768,5,-9223372036854775808,18446744073709551615,'-99999999999999999999999999999999999.999999999999999999999999999999',0.01,16777217,1234.567,1e308,1234567.12345,b'1',b'1111111111111111111111111111111111111111111111111111111111111111',2155),
              (1,127,0,0,16777215,0,0,0,99999999.99,0.1,-0.001,0.1,-0.00001,b'0',b'0',1901),
              (2,0,1,1,0,1,9223372036854775808,'0.000000000000000000000000000001',0,-3.40282347e38,0,2.2250738585072014e-308,0,b'1',b'101',0),
              (3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.17549435e-38,NULL,5e-324,NULL,NULL,NULL,NULL),
              (4,1,1,1,1,1,1,1,1,-0e0,-0e0,-0e0,-0e0,1,9,2000),
              (5,1,1,1,1,1,1,1,1,1.4e-45,9999999,1.7976931348623157e308,99999999999999.99999,1,10,1999),
              (6,1,1,1,1,1,1,1,1,8388608.5,0.1,9007199254740993,0.1,1,13,1999);
            INSERT INTO n (id,f,r) WITH RECURSIVE c(i) AS (SELECT 10 UNION ALL SELECT i+1 FROM c WHERE i<3000) SELECT i, RAND(i)*POW(10,i%70-35), RAND(i)*POW(10,i%600-300) FROM c;
            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Times_arrive_as_they_are(bool load)
    {
        await CopyAsync(
            load,
            "CREATE TABLE t (id INT PRIMARY KEY, d DATE, t TIME, t6 TIME(6), dt DATETIME, dt6 DATETIME(6), ts TIMESTAMP NULL, ts6 TIMESTAMP(6) NULL);",
            """
            SET sql_mode='ALLOW_INVALID_DATES';
            INSERT INTO t VALUES
              (1,'0000-00-00','-838:59:59','-838:59:58.999999','0000-00-00 00:00:00','0000-00-00 00:00:00.000000','0000-00-00 00:00:00','0000-00-00 00:00:00'),
              (2,'2024-02-31','838:59:59','838:59:58.999999','2024-02-31 23:59:59','9999-12-31 23:59:59.999999','1970-01-01 00:00:01','2038-01-19 03:14:07.999999'),
              (3,'2024-00-00','-00:00:01','-00:00:00.000001','2024-05-00 00:00:00','1000-01-01 00:00:00.000001','2024-03-31 01:30:00','2024-10-27 01:30:00.5'),
              (4,'9999-12-31','00:00:00','00:00:00.1','0001-01-01 00:00:00','2024-01-01 00:00:00.1','2024-10-27 00:30:00','2024-10-27 02:30:00'),
              (5,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_byte_arrives_in_binary_and_text_columns(bool load)
    {
        await CopyAsync(
            load,
            "CREATE TABLE b (id INT PRIMARY KEY, bin BINARY(5), vb VARBINARY(600), tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB, c CHAR(5), vc VARCHAR(100), tt TINYTEXT, tx TEXT, lt LONGTEXT, l1 VARCHAR(300) CHARACTER SET latin1);",
            """
            INSERT INTO b (id,bin,vb,l1) WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<255)
              SELECT i, UNHEX(CONCAT(LPAD(HEX(i),2,'0'),LPAD(HEX(i),2,'0'))), UNHEX(CONCAT('5C',LPAD(HEX(i),2,'0'),'5C',LPAD(HEX(255-i),2,'0'))), CONVERT(UNHEX(LPAD(HEX(i),2,'0')) USING latin1) FROM c;
            INSERT INTO b VALUES (1000,'','','','','','','','','','','',''), (1001,'\\N','\\N','\\N','NULL','\\','\t','\n','\\N','NULL','\\\\N','\r\n\0\Z','\''),
              (1002,X'0000',X'00',X'0000',X'0A',X'09',X'5C',' a',' a ','a  ','  ','\n\n','	'), (1003,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),
              (1004,'a','b','c',REPEAT('\\',60000),REPEAT('\'',300000),REPEAT(X'00090A5C27',400000),'ää','日本😀','x',REPEAT('😀',16000),REPEAT('\t\\',500000),'€');
            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Enum_and_set_arrive_by_number(bool load)
    {
        await CopyAsync(
            load,
            $"""
            CREATE TABLE e (id INT PRIMARY KEY, e ENUM('a','b','') , e2 ENUM('1','0','2') NOT NULL, s SET({SetMembers}), s2 SET('a','b') NOT NULL);
            """,
            """
            INSERT INTO e VALUES (1,0,0,18446744073709551615,0),(2,3,2,9223372036854775809,3),(3,1,1,1,1),(4,NULL,3,NULL,2),(5,0,1,0,0);
            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Json_geometry_and_vector_arrive(bool load)
    {
        await CopyAsync(
            load,
            "CREATE TABLE j (id INT PRIMARY KEY, j JSON, g GEOMETRY, p POINT SRID 4326, v VECTOR(3));",
            """
            INSERT INTO j VALUES
              (1,'{"a":[1,2.5,-0.0,1e100,"x\\ty\\\\z\\"",null,true,{}],"bb":"日本😀","":[]}',ST_GeomFromText('POINT(1 2)'),ST_GeomFromText('POINT(48.85 2.35)',4326),STRING_TO_VECTOR('[1.5,-0.25,3e-30]')),
              (2,'null',ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'),NULL,NULL),
              (3,NULL,NULL,NULL,NULL),
              (4,'18446744073709551615',ST_GeomFromText('POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,2 1,2 2,1 2,1 1))',3857),NULL,STRING_TO_VECTOR('[0,0,0]')),
              (5,'"\\u0000\\u0009\\\\N"',ST_GeomFromText('LINESTRING(0.1 0.2,1e100 -1e-100)'),NULL,NULL),
              (6,'-9223372036854775808',NULL,NULL,NULL),(7,'[]',NULL,NULL,NULL),(8,'0.1',NULL,NULL,NULL),(9,'""',NULL,NULL,NULL);
            """);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_character_set_arrives_byte_for_byte(bool load)
    {
        string[] charsets = ["armscii8", "ascii", "big5", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "cp932", "dec8", "eucjpms", "euckr", "gb18030", "gb2312", "gbk", "geostd8", "greek",
            "hebrew", "hp8", "keybcs2", "koi8r", "koi8u", "latin1", "latin2", "latin5", "latin7", "macce", "macroman", "sjis", "swe7", "tis620", "ucs2", "ujis", "utf16", "utf16le", "utf32", "utf8mb3", "utf8mb4"];
        string ddl = string.Concat(charsets.Select(c => $"CREATE TABLE c_{c} (id INT PRIMARY KEY, v VARCHAR(200) CHARACTER SET {c}, t TEXT CHARACTER SET {c}, x CHAR(20) CHARACTER SET {c});\n"));

        // Text of many scripts (what a set lacks becomes '?'), and for one-byte sets all bytes, mapped or not.
        const string Text = "CONCAT('aZ\\\\~\\t\\n|', 'ÄÖéß€', 'Жщ', 'αΩ', '表ソ能十', '中文', '한글', 'ก', 'אב')";
        string rows = string.Concat(charsets.Select(c =>
            $"INSERT IGNORE INTO c_{c} VALUES (1,{Text},{Text},LEFT({Text},10)),(2,'','',''),(3,NULL,NULL,NULL),(4,CONVERT('表ソ能' USING {c}),'\\\\N','\\\\');\n"));
        string[] singleByte = ["cp1251", "cp1250", "latin1", "koi8r", "cp866", "macroman", "tis620", "hebrew", "armscii8", "geostd8", "latin2", "greek", "cp1256"];
        rows += string.Concat(singleByte.Select(c =>
            $"INSERT INTO c_{c} (id,v,x) WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<255) SELECT 100+i, CONVERT(UNHEX(CONCAT('41',LPAD(HEX(i),2,'0'),'42')) USING {c}), CONVERT(UNHEX(CONCAT(LPAD(HEX(i),2,'0'),'42')) USING {c}) FROM c;\n"));
        rows += string.Concat(new[] { "ucs2", "utf16" }.Select(c =>
            $"INSERT INTO c_{c} (id,v) WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<1023) SELECT 100+i, CONVERT(UNHEX(LPAD(HEX(i*53),4,'0')) USING {c}) FROM c WHERE i*53<55296;\n"));
        await CopyAsync(load, ddl, rows);
    }

    [Fact]
    public async Task Odd_names_and_invisible_and_generated_columns_are_no_obstacle()
    {
        await CopyAsync(
            true,
            """
            CREATE TABLE `a``b "c" 'd' %s ☃` (`i``d` INT PRIMARY KEY, `%s {0} @x` VARCHAR(10), `select` INT INVISIBLE DEFAULT 7, `日本` INT GENERATED ALWAYS AS (`i``d`*2) STORED, `v` INT AS (`i``d`+1) VIRTUAL, `last\\` ENUM('x') , INDEX (`v`));
            CREATE TABLE gipk (a INT, my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT INVISIBLE PRIMARY KEY);
            """,
            """
            INSERT INTO `a``b "c" 'd' %s ☃` (`i``d`,`%s {0} @x`,`select`,`last\\`) VALUES (0,'a',1,1),(1,'b',2,'x'),(-5,NULL,NULL,NULL);
            INSERT INTO gipk (a,my_row_id) VALUES (1,10),(NULL,20),(1,30);
            """);
    }

    [Fact]
    public async Task Rows_of_many_megabytes_pass()
    {
        await CopyAsync(
            true,
            "CREATE TABLE big (id INT PRIMARY KEY, a LONGBLOB, b LONGTEXT);",
            "INSERT INTO big VALUES (1,REPEAT(X'005C',10000000),REPEAT('ab\\t',5000000)),(2,'x','y'),(3,REPEAT(X'FF',16777215),''),(4,NULL,REPEAT('z',16777216));");
    }

    private static async Task CopyAsync(bool load, string ddl, string rows)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("fidelity", limit.Token);
        await bench.CreateAsync(ddl, limit.Token);
        await bench.SourceAsync(rows, limit.Token);
        bench.DestinationFacts = facts => facts with { LocalInfile = load };
        await bench.RunAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.DoesNotContain(bench.Log, line => line.Contains("not exact", StringComparison.Ordinal));
    }
}
