using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Bounds over one integer column are worked out, not read, however its values lie.</summary>
[Collection(RangeCostTests.Counters)]
public sealed class BoundFinderTests
{
    private const int ChunkRows = 1000;
    private const int Rows = 50_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private int _charged;

    public static TheoryData<string, string, int> Values => new()
    {
        // The last column: ranges whose end may be read from a row after all, because the values are too uneven.
        { "BIGINT", "i+1", 0 },
        { "BIGINT", "-i*1000", 0 },
        { "BIGINT UNSIGNED", "18446744073709551615-i*7", 0 },
        { "INT ZEROFILL", "i*3", 0 },
        { "BIGINT", "IF(i<25000, i, 1000000000000000+i)", 4 },
        { "BIGINT", "i*i*i", 4 },
        { "BIGINT", "CASE WHEN i=0 THEN -9223372036854775808 WHEN i=1 THEN 9223372036854775807 ELSE i END", 4 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Ranges_over_integers_are_cut_without_reading_their_rows(string type, string value, int mostRead)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (statements, cutter, source) = await CreateAsync($"id {type} PRIMARY KEY, v CHAR(100)", $"INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<{Rows - 1}) SELECT {value},'v' FROM c", limit.Token);
        await using var session = source;

        List<ChunkRecord> chunks = [];
        int readRows = 0;
        do
        {
            _charged = 0;
            await source.ExecuteAsync("FLUSH STATUS", limit.Token);
            chunks.Add((await cutter.NextAsync(ChunkRows, source, limit.Token))!);
            readRows += await RangeCostTests.RowsReadAsync(source, limit.Token) > ChunkRows / 2 ? 1 : 0;
            if (chunks.Count > 1)
            {
                // The first one also looks for partitions.
                long queries = (await source.QueryRowsAsync("SHOW SESSION STATUS LIKE 'Com_select'", limit.Token))[0].GetInt64(1);
                Assert.Equal(queries, 1 + _charged);
            }
        }
        while (!cutter.IsComplete);

        Assert.InRange(readRows, 0, mostRead);
        Assert.InRange(chunks.Count, Rows / ChunkRows / 3, Rows / ChunkRows * 3);
        long total = 0;
        foreach (var chunk in chunks)
        {
            int rows = (await source.QueryRowsAsync(statements.Select(chunk), limit.Token)).Count;
            Assert.InRange(rows, 0, ChunkRows * 4);
            total += rows;
        }

        Assert.Equal(Rows, total);
    }

    [Fact]
    public async Task A_table_without_rows_is_one_range()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (_, cutter, source) = await CreateAsync("id INT PRIMARY KEY, v CHAR(100)", "DO 0", limit.Token);
        await using var session = source;

        var chunk = await cutter.NextAsync(ChunkRows, source, limit.Token);

        Assert.Null(chunk?.Lower);
        Assert.Null(chunk?.Upper);
        Assert.True(cutter.IsComplete);
    }

    [Fact]
    public async Task Rows_that_come_behind_the_last_value_belong_to_the_last_range()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (statements, cutter, source) = await CreateAsync("id INT PRIMARY KEY, v CHAR(100)", "INSERT INTO t VALUES (1,'v'),(2,'v')", limit.Token);
        await using var session = source;

        var first = (await cutter.NextAsync(1, source, limit.Token))!;
        await source.ExecuteAsync("INSERT INTO t VALUES (3,'v'),(1000,'v')", limit.Token);
        List<ChunkRecord> chunks = [first];
        while (await cutter.NextAsync(1, source, limit.Token) is { } next)
        {
            chunks.Add(next);
        }

        int total = 0;
        foreach (var chunk in chunks)
        {
            total += (await source.QueryRowsAsync(statements.Select(chunk), limit.Token)).Count;
        }

        Assert.Null(chunks[^1].Upper);
        Assert.Equal(4, total);
    }

    [Fact]
    public async Task A_value_that_very_many_rows_share_is_asked_about_once()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (_, cutter, source) = await CreateAsync(
            "g INT, f FLOAT(9,3), PRIMARY KEY (g, f)",
            $"INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<{Rows - 1}) SELECT i%2,i FROM c",
            limit.Token);
        await using var session = source;

        var chunk = await cutter.NextAsync(ChunkRows, source, limit.Token);

        // The ends of the table, the estimate, and then the row itself.
        Assert.Equal(["0"], chunk?.Upper);
        Assert.Equal(2, _charged);
    }

    private async Task<(CopyStatements Statements, RangeCutter Cutter, MySqlSession Source)> CreateAsync(string columns, string insert, CancellationToken cancellationToken)
    {
        var bench = await CopyBench.CreateAsync("bounds", cancellationToken);
        await bench.CreateAsync($"CREATE TABLE t ({columns});", cancellationToken);
        await bench.SourceAsync($"SET cte_max_recursion_depth={Rows}; {insert}; ANALYZE TABLE t;", cancellationToken);
        var route = Assert.Single(await bench.ReadRoutesAsync(cancellationToken));
        var source = await bench.Source().OpenAsync(SessionPurpose.ReadRows, cancellationToken);
        await source.ExecuteAsync($"USE `{bench.Database}`", cancellationToken);
        var statements = CopyStatements.Create(route, route.Definition, source.ServerVersion, source.ServerVersion);
        return (statements, new RangeCutter(route, statements, [], false, charge: Charge), source);

        ValueTask Charge(CancellationToken token)
        {
            _charged++;
            return ValueTask.CompletedTask;
        }
    }
}
