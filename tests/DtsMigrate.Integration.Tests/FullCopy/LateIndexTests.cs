using DtsMigrate.Engine.Schema.Sql;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Indexes that are built after the rows: none is lost, whatever happens in between.</summary>
public sealed class LateIndexTests
{
    private const string EveryKind =
        """
        CREATE TABLE every (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, code CHAR(8) CHARACTER SET ascii NOT NULL, tx TEXT, tx2 TEXT, n INT, m DECIMAL(9,2), j JSON, g POINT NOT NULL SRID 4326, g2 GEOMETRY NOT NULL SRID 0,
          v INT GENERATED ALWAYS AS (n * 2) VIRTUAL, s INT GENERATED ALWAYS AS (n * 3) STORED, hid INT INVISIBLE,
          PRIMARY KEY (id), UNIQUE KEY code (code DESC), UNIQUE KEY fu ((lower(code))),
          KEY `pl``ain, (` (n) COMMENT 'it''s, (a) `comment`', KEY two (n DESC, m), KEY pre (tx(10), code(3)), KEY gen (v, s), KEY inv (m) INVISIBLE, KEY bt (m, n) USING BTREE, KEY kb (hid) KEY_BLOCK_SIZE=4,
          KEY fx ((n + 1), (upper(code)) DESC), KEY mv ((CAST(j->'$.l' AS UNSIGNED ARRAY)), n), FULLTEXT KEY ft (tx), FULLTEXT KEY ft2 (tx, tx2) /*!50100 WITH PARSER ngram */, SPATIAL KEY sp (g), SPATIAL KEY sp2 (g2));
        CREATE TABLE counted (a INT NOT NULL, c INT NOT NULL AUTO_INCREMENT, b INT, PRIMARY KEY (a), KEY other (b), KEY counter (c, b), KEY third (b, a));
        CREATE TABLE nokey (a INT, b VARCHAR(20), KEY (a), KEY (b(5)));
        CREATE TABLE uk (a INT NOT NULL, b INT, UNIQUE KEY ident (a), UNIQUE KEY maybe (b), KEY plain (b));
        CREATE TABLE parts (id INT NOT NULL, k INT, y INT NOT NULL, PRIMARY KEY (id, y), KEY k (k), KEY ky (k, y)) PARTITION BY RANGE (y) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE);
        CREATE TABLE isam (id INT PRIMARY KEY, k INT, t TEXT, KEY k (k), FULLTEXT KEY (t)) ENGINE=MyISAM;
        CREATE TABLE child (id INT PRIMARY KEY, p BIGINT UNSIGNED, n INT, KEY by_n (n), CONSTRAINT to_every FOREIGN KEY (p) REFERENCES every (id));
        """;

    private const string EveryRow =
        """
        SET cte_max_recursion_depth=10000;
        INSERT INTO every (code, tx, tx2, n, m, j, g, g2, hid) WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<3000)
          SELECT CONCAT('c', i), CONCAT('word', i % 50, ' text'), CONCAT('more', i), i % 97, i / 7, JSON_OBJECT('l', JSON_ARRAY(i % 5, i % 7)), ST_SRID(POINT(i % 90, i % 80), 4326), POINT(i, i), i FROM c;
        DELETE FROM every WHERE id > 2990;
        INSERT INTO counted (a, b) SELECT id, n FROM every;
        INSERT INTO nokey SELECT n, code FROM every;
        INSERT INTO uk SELECT id, id * 2 FROM every;
        INSERT INTO parts SELECT id, n, id % 200 FROM every;
        INSERT INTO isam SELECT id, n, tx FROM every;
        INSERT INTO child SELECT id, id, n FROM every;
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_kind_of_index_arrives_as_it_was_on_the_source(bool incremental)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await LateIndexBench.CreateAsync("late", EveryKind, EveryRow, incremental, limit.Token);

        await LateIndexBench.CreateTablesAsync(bench, limit.Token);
        string before = await LateIndexBench.CreateSqlAsync(bench, "every", limit.Token);
        Assert.DoesNotContain("FULLTEXT", before, StringComparison.Ordinal);
        Assert.DoesNotContain("KEY `two`", before, StringComparison.Ordinal);
        Assert.Equal(incremental, before.Contains("UNIQUE KEY `code`", StringComparison.Ordinal));
        Assert.Equal(incremental, before.Contains("UNIQUE KEY `fu`", StringComparison.Ordinal));
        Assert.Contains("UNIQUE KEY `maybe`", await LateIndexBench.CreateSqlAsync(bench, "uk", limit.Token), StringComparison.Ordinal);
        string planned = incremental ? "22" : "24";
        string counted = await LateIndexBench.CreateSqlAsync(bench, "counted", limit.Token);
        Assert.Contains("KEY `counter`", counted, StringComparison.Ordinal);
        Assert.DoesNotContain("KEY `other`", counted, StringComparison.Ordinal);
        Assert.Contains("FULLTEXT", await LateIndexBench.CreateSqlAsync(bench, "isam", limit.Token), StringComparison.Ordinal);
        Assert.Equal(planned, await LateIndexBench.PlannedAsync(bench, built: false, limit.Token));
        await bench.RunAsync(limit.Token);

        await LateIndexBench.AssertSameDefinitionsAsync(bench, limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal(planned, await LateIndexBench.PlannedAsync(bench, built: true, limit.Token));
        Assert.Contains(bench.Log, l => l.StartsWith(incremental ? "Building 9 indexes of" : "Building 11 indexes of", StringComparison.Ordinal));
        Assert.Contains("word", await bench.DestinationAsync("SELECT tx FROM every WHERE MATCH (tx) AGAINST ('word7') LIMIT 1", limit.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_auto_increment_values_are_the_sources()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await LateIndexBench.CreateAsync("counter", EveryKind + "CREATE TABLE none (id INT AUTO_INCREMENT PRIMARY KEY, k INT, KEY k (k)) AUTO_INCREMENT=4711;", EveryRow, incremental: true, limit.Token);
        await LateIndexBench.CreateTablesAsync(bench, limit.Token);

        // After the table was made there, the source has drawn values whose rows are gone again.
        await bench.SourceAsync("INSERT INTO counted (a, b) VALUES (100000, 1); DELETE FROM counted WHERE a=100000; ALTER TABLE none AUTO_INCREMENT=5000; ALTER TABLE every AUTO_INCREMENT=18446744073709551614;", limit.Token);
        await bench.DestinationAsync("ALTER TABLE none AUTO_INCREMENT=4000", limit.Token);
        await bench.RunAsync(limit.Token);

        foreach (string table in new[] { "every", "counted", "none" })
        {
            string source = Definition(await bench.SourceAsync($"SHOW CREATE TABLE {table}", limit.Token), out ulong next).Name;
            Assert.Equal(table, source);
            Definition(await bench.DestinationAsync($"SHOW CREATE TABLE {table}", limit.Token), out ulong there);
            Assert.Equal(next, there);
        }

        Assert.Equal("1", (await bench.DestinationAsync("SELECT COUNT(*) > 0 FROM mysql.innodb_table_stats WHERE database_name=DATABASE() AND table_name='counted' AND n_rows > 2000", limit.Token)).Trim());
    }

    [Fact]
    public async Task An_account_that_may_only_write_rows_completes_the_copy_all_the_same()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("rows_only", limit.Token);
        await bench.CreateAsync("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, k INT, KEY k (k));", limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1, 1), (2, 2); ALTER TABLE t AUTO_INCREMENT=50;", limit.Token);
        await bench.DestinationAsync($"CREATE USER `{bench.Database}`@`%`; GRANT SELECT, INSERT, UPDATE, DELETE ON `{bench.Database}`.* TO `{bench.Database}`@`%`; GRANT ALL ON dts_migrate.* TO `{bench.Database}`@`%`", limit.Token);
        bench.DestinationUser = bench.Database;
        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log, l => l.Contains("may not set AUTO_INCREMENT=50", StringComparison.Ordinal));
    }

    private static CreateTableStatement Definition(string shown, out ulong next)
    {
        var statement = CreateTableStatement.Parse(shown.Split('\t', 2)[1].Replace("\\n", "\n", StringComparison.Ordinal));
        next = statement.ReadAutoIncrement();
        return statement;
    }
}
