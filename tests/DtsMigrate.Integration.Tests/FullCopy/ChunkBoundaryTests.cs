using DtsMigrate.Engine.FullCopy;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>No row is missed or doubled where one chunk ends and the next begins, whatever the key.</summary>
public sealed class ChunkBoundaryTests
{
    private const string Numbers = "WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<399)";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static TheoryData<string, string, string, bool> Keys => new()
    {
        { "signed", "id INT PRIMARY KEY, v INT", "SELECT CAST(i AS SIGNED)*7-1400, i FROM c", true },
        { "unsigned_high", "id BIGINT UNSIGNED PRIMARY KEY, v INT", "SELECT 18446744073709551615-i*3, i FROM c", true },
        { "skewed", "id BIGINT PRIMARY KEY, v INT", "SELECT CAST(POW(2,i%60) AS SIGNED)*IF(i%2,1,-1)+i, i FROM c", true },
        { "decimals", "id DECIMAL(40,20) PRIMARY KEY, v INT", "SELECT (CAST(i AS DECIMAL(40,20))-200)/7, i FROM c", true },
        { "composite", "a VARCHAR(20) COLLATE utf8mb4_0900_ai_ci, b INT, c DATE, v INT, PRIMARY KEY (a,b,c)", "SELECT ELT(i%5+1,'x','Y','é','','ß'), -(i%7), DATE_ADD('2024-01-01', INTERVAL i DAY), i FROM c", true },
        { "ai_ci", "k VARCHAR(50) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY", "SELECT CONCAT(ELT(i%6+1,'a','É','z','ß','日本','😀'), i) FROM c", true },
        { "pad_space", "k VARCHAR(50) CHARACTER SET latin1 COLLATE latin1_german2_ci PRIMARY KEY", "SELECT CONCAT(ELT(i%4+1,'a','ä','Ö','ss'), i, IF(i%3,'  ','')) FROM c", true },
        { "no_pad", "k VARCHAR(50) COLLATE utf8mb4_0900_bin PRIMARY KEY", "SELECT CONCAT(i DIV 4, REPEAT(' ',i%4)) FROM c", true },
        { "chars", "k CHAR(30) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci PRIMARY KEY, v INT", "SELECT CONCAT(CHAR(65+i%26), '''\\\\', i), i FROM c", true },
        { "wide", "k VARCHAR(50) CHARACTER SET utf16 PRIMARY KEY", "SELECT CONCAT('ключ', i) FROM c", true },
        { "sjis", "k VARCHAR(50) CHARACTER SET sjis PRIMARY KEY", "SELECT CONCAT('表ソ', i) FROM c", true },
        { "empty_first", "k VARCHAR(50) PRIMARY KEY", "SELECT IF(i=0,'',LPAD(i,5,'0')) FROM c", true },
        { "uuid", "k BINARY(16) PRIMARY KEY", "SELECT UNHEX(SHA2(i,256))<<128 FROM c", true },
        { "any_bytes", "k VARBINARY(20) PRIMARY KEY, v INT", "SELECT CONCAT(UNHEX(LPAD(HEX(i%256),2,'0')), X'00', IF(i%2,X'5C00',''), i DIV 256), i FROM c", true },
        { "dates", "k DATE PRIMARY KEY", "SELECT IF(i=0,'0000-00-00',IF(i=1,'2024-02-31',DATE_ADD('1999-12-01', INTERVAL i DAY))) FROM c", true },
        { "moments", "k DATETIME(6) PRIMARY KEY", "SELECT DATE_ADD('2024-01-01', INTERVAL i*333333 MICROSECOND) FROM c", true },
        { "stamps", "k TIMESTAMP(3) PRIMARY KEY", "SELECT DATE_ADD('2024-03-31 00:00:00', INTERVAL i*60.5 SECOND) FROM c", true },
        { "times", "k TIME(3) PRIMARY KEY", "SELECT SEC_TO_TIME((CAST(i AS SIGNED)-200)*1234.125) FROM c", true },
        { "years", "k YEAR, n INT, PRIMARY KEY (k,n)", "SELECT IF(i%50=0,0,1901+i%50), i FROM c", true },
        { "ties_on_prefix", "a INT, e ENUM('x','y','z'), v INT, PRIMARY KEY (a,e)", "SELECT i DIV 3, i%3+1, i FROM c", true },
        { "unique_not_null", "a INT NOT NULL, b INT NOT NULL, v INT, UNIQUE KEY u (b,a)", "SELECT i, i%10, i FROM c", true },
        { "descending", "a INT, b INT, PRIMARY KEY (a DESC, b)", "SELECT i%20, i FROM c", true },
        { "partitions", "a INT, b INT, v INT, PRIMARY KEY (b,a)) PARTITION BY HASH(a) PARTITIONS 5 -- ", "SELECT i, i%3, i FROM c", true },
        { "enum_first", "e ENUM('b','a','c'), i INT, PRIMARY KEY (e,i)", "SELECT i%3+1, i FROM c", true },
        { "floats", "f DOUBLE PRIMARY KEY", "SELECT i/3 FROM c", true },
        { "bits", "b BIT(16) PRIMARY KEY", "SELECT i*160 FROM c", true },
        { "enums_only", "e ENUM('b','a','c') CHARACTER SET binary, f SET('1','2','3','4','5','6','7','8'), PRIMARY KEY (e,f)", "SELECT i%3+1, i DIV 3 FROM c", false },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task No_row_is_missed_or_doubled(string name, string columns, string rows, bool cuts)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("bounds", limit.Token);
        bench.Tuning = new CopyTuning { ChunkBytes = 4_000, MaxChunkRows = 17 };
        await bench.CreateAsync($"CREATE TABLE {name} ({columns}\n);".Replace("-- \n);", ";", StringComparison.Ordinal), limit.Token);
        await bench.SourceAsync($"SET sql_mode='ALLOW_INVALID_DATES'; INSERT INTO {name} {Numbers} {rows};", limit.Token);

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        var (planned, done) = await bench.ChunksAsync(name, limit.Token);
        Assert.Equal(planned, done);
        Assert.True(cuts ? planned >= 400 / 60 : planned <= 3, $"{planned} chunks");
        Assert.Equal("400", (await bench.DestinationAsync($"SELECT SUM(row_count) FROM dts_migrate.chunk WHERE task='{bench.Database}'", limit.Token)).Trim());
        Assert.DoesNotContain(bench.Log, line => line.Contains("not exact", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_that_only_looks_small_is_cut_after_all()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("looks_small", limit.Token);
        bench.Tuning = new CopyTuning { ChunkBytes = 20_000 };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(200)) STATS_AUTO_RECALC=0;", limit.Token);
        await bench.SourceAsync($"INSERT INTO t {Numbers} SELECT i*10, REPEAT('v',200) FROM c; INSERT INTO t SELECT id+1, v FROM t; INSERT INTO t SELECT id+2, v FROM t;", limit.Token);

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.True((await bench.ChunksAsync("t", limit.Token)).Planned > 3);
        Assert.Equal(1600, bench.RowsCopied);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("", false)]
    [InlineData(", j JSON", true)]
    public async Task A_chunk_whose_rows_are_far_wider_than_those_before_is_ended_and_its_rest_shared(string column, bool load)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("wide_rows", limit.Token);
        bench.Tuning = new CopyTuning { ChunkBytes = 20_000, FirstChunkRows = 1_000, InsertBytes = 4_000 };
        bench.DestinationFacts = facts => facts with { LocalInfile = load };
        await bench.CreateAsync($"CREATE TABLE t (k VARCHAR(20) PRIMARY KEY, v MEDIUMTEXT{column}) STATS_AUTO_RECALC=0;", limit.Token);
        string json = column.Length > 0 ? ", JSON_OBJECT('d', i)" : string.Empty;
        await bench.SourceAsync($"INSERT INTO t {Numbers} SELECT LPAD(i,5,'0'), 'x'{json} FROM c; ANALYZE TABLE t; INSERT INTO t {Numbers} SELECT LPAD(i+400,5,'0'), REPEAT('w',2000){json} FROM c;", limit.Token);

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal(800, bench.RowsCopied);
        string most = await bench.DestinationAsync($"SELECT MAX(byte_count), MAX(number) FROM dts_migrate.chunk WHERE task='{bench.Database}'", limit.Token);
        int[] numbers = [.. most.Trim().Split('\t').Select(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.InRange(numbers[0], 1, 2 * bench.Tuning.CutBytes);
        Assert.True(numbers[1] >= DtsMigrate.Engine.Checkpoint.ChunkClaims.FirstCutNumber, "No chunk was ended early.");
    }

    [Fact]
    public async Task Empty_tables_are_copied_too()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("empty", limit.Token);
        await bench.CreateAsync("CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT);", limit.Token);

        await bench.RunAsync(limit.Token);

        Assert.Equal(["a", "b"], bench.Copied.Order());
        Assert.Equal("Copied\t2", (await bench.DestinationAsync($"SELECT state, COUNT(*) FROM dts_migrate.table_copy WHERE task='{bench.Database}' GROUP BY 1", limit.Token)).Trim());
    }
}
