using System.Globalization;
using System.Text;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Integration.Tests.Binlog;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Types inside JSON documents that their text does not tell arrive all the same, whatever road the rows take.</summary>
public sealed class JsonTypesTests
{
    private const string Columns = "a INT NOT NULL, b VARCHAR(10) NOT NULL, j JSON, e ENUM('x','y'), k JSON, f FLOAT";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly string[] Awkward =
    [
        """JSON_OBJECT('a.b', 1.50, 'q"q', CAST('2024-02-29' AS DATE), 'b`t', 2.00, 'ba\\ck', CAST('10:11:12' AS TIME), '😀', 1.0, '', CAST(7 AS UNSIGNED), '$', JSON_ARRAY(3.10, '4.10', 5.1e0, 6), 'quo''te', CAST('2024-01-02 03:04:05' AS DATETIME), CONCAT('tab', CHAR(9 USING utf8mb4), CHAR(1 USING utf8mb4)), 9.99)""",
        "JSON_ARRAY('2024-02-29', CAST('2024-02-29' AS DATE), '10:11:12', CAST('-10:11:12.000001' AS TIME(6)), 'base64:type15:YWJj', CAST('abc' AS BINARY), b'1', '1.0', 1.0, 1.0e0, 1, CAST(1 AS UNSIGNED), TRUE, NULL)",
        "JSON_OBJECT('a', JSON_ARRAY(JSON_OBJECT('a', 1.10, 'b', JSON_ARRAY(2.20, JSON_ARRAY(), JSON_OBJECT(), JSON_ARRAY(3.30))), 4, JSON_OBJECT('z', 5.50)), 'b', JSON_OBJECT('c', 6, 'd', JSON_ARRAY(7.70)), 'cc', 8.80)",
        "(WITH RECURSIVE c(i, d) AS (SELECT 1, CAST(1.10 AS JSON) UNION ALL SELECT i+1, IF(i%2, JSON_OBJECT('k', d, 'l', i+0.50, 'm', 'x'), JSON_ARRAY(i, d, 0.250, CAST('2024-01-01' AS DATE))) FROM c WHERE i<96) SELECT d FROM c WHERE i=96)",
    ];

    public static TheoryData<string, bool, bool, bool, bool> Roads => new()
    {
        { ", PRIMARY KEY (b,a)", true, true, false, false },
        { ", PRIMARY KEY (a,b)", true, false, true, false },
        { ", PRIMARY KEY (b,a)", false, true, true, false },
        { "", true, true, false, false },
        { "", false, false, false, false },
        { ", PRIMARY KEY (b,a)", true, true, false, true },
        { ", PRIMARY KEY (a,b)", false, false, true, true },
        { "", true, true, true, true },
    };

    [Theory]
    [MemberData(nameof(Roads))]
    public async Task Types_inside_documents_arrive(string key, bool load, bool incremental, bool oldParser, bool oldSource)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("json_types", limit.Token, incremental);
        bench.Tuning = new CopyTuning { ChunkBytes = 30_000, MaxChunkRows = 61, InsertBytes = 20_000 };
        bench.DestinationFacts = facts => facts with { LocalInfile = load, Version = oldParser ? new ServerVersion(8, 0, 36, "8.0.36") : facts.Version };
        bench.SourceFacts = facts => oldSource ? facts with { Version = CopyBench.OldVersion } : facts;
        await bench.CreateAsync($"CREATE TABLE t ({Columns}{key});", limit.Token);
        await bench.SourceAsync(Fill() + "ANALYZE TABLE t;", limit.Token);

        await bench.RunAsync(limit.Token);

        string others = "SELECT a, b, e+0, f*1e0, COUNT(*) FROM t GROUP BY a, b, e+0, f*1e0 ORDER BY a, b, e+0, f*1e0";
        Assert.Equal(await bench.SourceAsync(others, limit.Token), await bench.DestinationAsync(others, limit.Token));
        await AssertSameTypesAsync(bench, limit.Token);
        Assert.Equal(await bench.SourceAsync("SELECT COUNT(*) FROM t", limit.Token), $"{bench.RowsCopied}\n");
        var (planned, done) = await bench.ChunksAsync("t", limit.Token);
        Assert.True(planned > 5 && planned == done, $"{done} of {planned} chunks");
        Assert.DoesNotContain(bench.Log, line => line.Contains("not exact", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_typed_rows_than_are_held_at_once_arrive()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("json_many", limit.Token);
        await bench.CreateAsync("CREATE TABLE t (a INT PRIMARY KEY, j JSON);", limit.Token);
        await bench.SourceAsync("INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<300) SELECT i, IF(i%4, JSON_OBJECT('d', i+0.50, 't', REPEAT('x',50000)), JSON_OBJECT('p', i)) FROM c;", limit.Token);

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        await AssertSameTypesAsync(bench, limit.Token, "k");
        Assert.Equal(300, bench.RowsCopied);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Documents_of_any_number_of_nodes_arrive(bool oldSource)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("json_nodes", limit.Token);
        bench.SourceFacts = facts => oldSource ? facts with { Version = CopyBench.OldVersion } : facts;
        await bench.CreateAsync("CREATE TABLE t (a INT PRIMARY KEY, j JSON);", limit.Token);
        foreach (int nodes in new[] { 1, 99, 100, 101, 9_999, 10_000, 10_001 })
        {
            await bench.SourceAsync(
                $"""
                SET group_concat_max_len=1000000;
                INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<{nodes}) SELECT {nodes}, CONCAT('[', GROUP_CONCAT(i ORDER BY i), ']') FROM c;
                INSERT INTO t SELECT -a, JSON_OBJECT('list', JSON_SET(j, CONCAT('$[', a-1, ']'), 0.50), 'last', CAST(1 AS UNSIGNED), 'whole', 98e0) FROM t WHERE a={nodes};
                """,
                limit.Token);
        }

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        const string Types = "SELECT a, JSON_TYPE(JSON_EXTRACT(j, CONCAT('$.list[', -a-1, ']'))), JSON_TYPE(JSON_EXTRACT(j, '$.last')), JSON_TYPE(JSON_EXTRACT(j, '$.whole')) FROM t WHERE a<0 ORDER BY a";
        string types = await bench.DestinationAsync(Types, limit.Token);
        Assert.Equal(await bench.SourceAsync(Types, limit.Token), types);
        Assert.Equal(7, types.Split("DECIMAL\tUNSIGNED INTEGER\tDOUBLE").Length - 1);
    }

    [Fact]
    public async Task A_copy_that_was_cut_off_keeps_the_types_when_it_goes_on()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("json_resume", limit.Token);
        bench.Tuning = new CopyTuning { ChunkBytes = 20_000, MaxChunkRows = 100 };
        await bench.CreateAsync("CREATE TABLE t (a INT PRIMARY KEY, j JSON);", limit.Token);
        await bench.SourceAsync("INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<20000) SELECT i, IF(i%7, CAST(CONCAT('[', i, '.5]') AS JSON), JSON_ARRAY(i+0.50, CAST('2024-01-01' AS DATE))) FROM c;", limit.Token);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token))
        {
            var running = bench.RunAsync(stop.Token);
            await WaitFor.ConditionAsync(() => bench.RowsCopied > 2_000, Limit, "rows to be copied", limit.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        await AssertSameTypesAsync(bench, limit.Token, "k");
        Assert.Equal(20_000, bench.RowsCopied);
    }

    [Fact]
    public async Task A_node_that_no_statement_can_make_stops_the_copy_and_names_the_column()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("json_stop", limit.Token);
        await bench.CreateAsync("CREATE TABLE t (a INT PRIMARY KEY, `do``c` JSON);", limit.Token);
        await bench.SourceAsync("CREATE TABLE s (b MEDIUMBLOB); INSERT INTO s VALUES ('short'); INSERT INTO t VALUES (1, '{}'); INSERT INTO t SELECT 2, JSON_ARRAY(b) FROM s; DROP TABLE s;", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(limit.Token));

        Assert.Equal("JsonValueNotRepresentable", error.Code);
        Assert.Contains("`do``c`", error.Message, StringComparison.Ordinal);
        Assert.Contains(bench.Database, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
        Assert.Equal("0", (await bench.DestinationAsync("SELECT COUNT(*) FROM t", limit.Token)).Trim());
    }

    /// <summary>A thousand plain rows, among them those with types, so that chunks begin and end at either kind.</summary>
    private static string Fill()
    {
        string[] documents = [.. JsonValues.Typed, .. JsonValues.All, .. Awkward, .. RandomDocuments(150)];
        var sql = new StringBuilder($"SET NAMES utf8mb4, sql_mode='ALLOW_INVALID_DATES'; CREATE TEMPORARY TABLE s {JsonValues.TypedColumns};");
        sql.Append("INSERT INTO s VALUES ('2024-01-02 03:04:05.678', '0000-00-00', '-838:59:58.999999', '2024-02-31 01:02:03.000004', 2024, 257, 18446744073709551615, 'a', 0x00FF, 0x0001FF, 'long', -12345.678, 7, 0.1);\n");
        sql.Append("INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<1000) SELECT i*10, CHAR(65+i%26), CONCAT('{\"id\":', i, ',\"v\":', i, '.25,\"d\":\"2024-01-02\",\"l\":[1,2.50,\"x\"]}'), i%3+(i%3=0), IF(i%5,NULL,'[]'), i/3 FROM c;\n");
        for (int i = 0; i < documents.Length; i++)
        {
            int after = i * 9973 % 10_000;
            sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO t SELECT {after}*10+{i % 10}, CHAR({65 + (i % 26)}), {documents[i]}, 0, {(i % 3 == 0 ? documents[^(i + 1)] : i % 3 == 1 ? "NULL" : "'[1.5]'")}, 0.1 FROM s;\n");
        }

        return sql.ToString();
    }

    private static IEnumerable<string> RandomDocuments(int count)
    {
        var random = new Random(20240507);
        return Enumerable.Range(0, count).Select(_ => Document(random, 0)).Select(d => $"CAST({d} AS JSON)");
    }

    private static string Document(Random random, int depth)
    {
        int size = random.Next(0, 5);
        return random.Next(depth > 4 ? 2 : 0, depth == 0 ? 2 : 11) switch
        {
            0 => $"JSON_OBJECT({string.Join(',', Enumerable.Range(0, size).Select(i => $"'{new string((char)('a' + i), random.Next(1, 4))}{i}',{Document(random, depth + 1)}"))})",
            1 => $"JSON_ARRAY({string.Join(',', Enumerable.Range(0, size).Select(_ => Document(random, depth + 1)))})",
            2 => $"CAST({random.Next(0, 1000)} AS DECIMAL({random.Next(10, 30)},{random.Next(0, 6)}))",
            3 => $"{random.Next(-9, 9)}.{random.Next(0, 1000):000}",
            4 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
            5 => $"CAST({random.Next(0, 100_000)} AS UNSIGNED)",
            6 => $"{random.NextDouble().ToString("R", CultureInfo.InvariantCulture)}e0",
            7 => "'2024-01-01'",
            8 => "CAST('2024-01-01' AS DATE)",
            9 => "TIMESTAMP'2024-01-01 00:00:00'",
            _ => "x'00FF41'",
        };
    }

    /// <summary>All nodes' types in order, by another way than the copy asks for them.</summary>
    private static async Task AssertSameTypesAsync(CopyBench bench, CancellationToken cancellationToken, string ignored = "")
    {
        foreach (string column in ignored == "k" ? ["j"] : new[] { "j", "k" })
        {
            string sql = $"SET NAMES utf8mb4; SELECT a, SHA2(CAST({column} AS CHAR),256) m, (SELECT GROUP_CONCAT(JSON_TYPE(v) ORDER BY n) FROM JSON_TABLE(JSON_EXTRACT({column},'$','$**.*','$**[*]'),'$[*]' COLUMNS(n FOR ORDINALITY, v JSON PATH '$')) x WHERE n<200) types FROM t ORDER BY a, m, types";
            string[] expected = (await bench.SourceAsync(sql, cancellationToken)).Split('\n');
            string[] actual = (await bench.DestinationAsync(sql, cancellationToken)).Split('\n');
            Assert.Contains(expected, line => line.Contains("DECIMAL", StringComparison.Ordinal));
            Assert.Equal(expected, actual);
        }
    }
}
