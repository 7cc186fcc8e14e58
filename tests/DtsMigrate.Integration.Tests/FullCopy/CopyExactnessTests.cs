using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>What LOAD DATA would pass over in silence is either legal and counted, or stops the copy with the row's name.</summary>
public sealed class CopyExactnessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_row_that_is_there_already_stops_the_copy_and_is_named()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("dup", limit.Token);
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(10));", limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c');", limit.Token);
        await bench.DestinationAsync("INSERT INTO t VALUES (2,'theirs');", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(limit.Token));

        Assert.Equal("RowRejected", error.Code);
        Assert.Contains("('2','b')", error.Message, StringComparison.Ordinal);
        Assert.Equal(1062, Assert.IsType<MySqlServerException>(error.InnerException).Errno);
        Assert.Equal("2\ttheirs", (await bench.DestinationAsync("SELECT * FROM t", limit.Token)).Trim());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Existing_rows_are_kept_where_the_task_says_so(bool load)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("keep", limit.Token, incremental: false, ConflictMode.IgnoreErrorsAndProceed);
        bench.DestinationFacts = facts => facts with { LocalInfile = load };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(10), e ENUM('x'));", limit.Token);
        await bench.SourceAsync("SET sql_mode=''; INSERT INTO t VALUES (1,'a',0),(2,'b',0),(3,'c',1);", limit.Token);
        await bench.DestinationAsync("INSERT INTO t VALUES (2,'theirs',1);", limit.Token);

        await bench.RunAsync(limit.Token);

        Assert.Equal("1\ta\t0\n2\ttheirs\t1\n3\tc\t1", (await bench.DestinationAsync("SELECT id, v, e+0 FROM t ORDER BY id", limit.Token)).Trim());
        Assert.Equal(2, bench.RowsCopied);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_unique_value_in_the_way_is_left_to_the_held_changes(bool load)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("moved", limit.Token);
        bench.DestinationFacts = facts => facts with { LocalInfile = load };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(10) UNIQUE);", limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c');", limit.Token);
        await bench.DestinationAsync("INSERT INTO t VALUES (9,'b');", limit.Token);

        await bench.RunAsync(limit.Token);

        Assert.Equal("1\ta\n3\tc\n9\tb", (await bench.DestinationAsync("SELECT * FROM t ORDER BY id", limit.Token)).Trim());
        Assert.Contains(bench.Log, line => line.Contains("1 rows met a unique value", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_held_changes_a_unique_value_in_the_way_is_an_error()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("moved_full", limit.Token, incremental: false);
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(10) UNIQUE);", limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c');", limit.Token);
        await bench.DestinationAsync("INSERT INTO t VALUES (9,'b');", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(limit.Token));

        Assert.Equal("RowRejected", error.Code);
    }

    [Theory]
    [InlineData("v VARCHAR(3)", "'日本', 'abcdef'")]
    [InlineData("v VARCHAR(10) CHARACTER SET latin1", "'é', '日本'")]
    [InlineData("v DECIMAL(10,1)", "'1.5', '1.55'")]
    [InlineData("v VARCHAR(10) CHECK (v<>'bad')", "'good', 'bad'")]
    public async Task A_value_that_does_not_fit_stops_the_copy_and_names_the_row(string destination, string values)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("misfit", limit.Token);
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20));", limit.Token);
        await bench.SourceAsync($"INSERT INTO t SELECT 1, x FROM (SELECT {values.Split(',')[0]} x) a; INSERT INTO t SELECT 77, x FROM (SELECT {values.Split(',')[1]} x) a;", limit.Token);
        await bench.DestinationAsync($"DROP TABLE t; CREATE TABLE t (id INT PRIMARY KEY, {destination});", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(limit.Token));

        Assert.Equal("RowRejected", error.Code);
        Assert.Contains("('77',", error.Message, StringComparison.Ordinal);
        Assert.Equal("0", (await bench.DestinationAsync("SELECT COUNT(*) FROM t", limit.Token)).Trim());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_character_set_on_the_destination_gets_the_same_characters(bool load)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("charset", limit.Token);
        bench.DestinationFacts = facts => facts with { LocalInfile = load };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20) CHARACTER SET sjis, w VARCHAR(20) CHARACTER SET latin1);", limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1,'表ソ能','é€'),(2,'',NULL);", limit.Token);
        await bench.DestinationAsync("ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4;", limit.Token);

        await bench.RunAsync(limit.Token);

        Assert.Equal("1\t表ソ能\té€\n2\t\tNULL", (await bench.DestinationAsync("SELECT * FROM t ORDER BY id", limit.Token)).Trim());
    }

    [Fact]
    public async Task A_server_that_refuses_local_infile_gets_the_rows_by_insert()
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await SharedServers.SourceAsync(limit.Token);
        await using var destination = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "no-local-infile", Settings = new Dictionary<string, string?> { ["local-infile"] = "OFF" } }, limit.Token);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("refused")) { DestinationFacts = facts => facts with { LocalInfile = true } };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20)); CREATE TABLE nokey (v INT);", limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1,'a'),(2,'b'); INSERT INTO nokey VALUES (1),(1),(NULL);", limit.Token);

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log, line => line.Contains("refuses LOAD DATA LOCAL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_without_a_key_must_be_empty_at_the_start()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("not_empty", limit.Token);
        await bench.CreateAsync("CREATE TABLE t (v INT);", limit.Token);
        await bench.DestinationAsync("INSERT INTO t VALUES (1);", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(limit.Token));

        Assert.Equal("DestinationNotEmpty", error.Code);
        Assert.Equal("1", (await bench.DestinationAsync("SELECT COUNT(*) FROM t", limit.Token)).Trim());
    }
}
