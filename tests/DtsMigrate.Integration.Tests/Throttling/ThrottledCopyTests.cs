using System.Diagnostics;
using System.Globalization;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Integration.Tests.FullCopy;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Throttling;

/// <summary>What a limited copy asks of real servers stays at or below its limits.</summary>
public sealed class ThrottledCopyTests
{
    private const int RowCount = 12_000;

    /// <summary>Over what is measured, for the edges of the time: the first portion, and what an idle bucket keeps.</summary>
    private const double Slack = 1.05;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly CopyTuning Small = new() { ChunkBytes = 10_000 };

    [Theory]
    [InlineData("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100));", true)]
    [InlineData("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100));", false)]
    [InlineData("CREATE TABLE t (id INT, v VARCHAR(100));", true)]
    public async Task Rows_per_second_stay_below_the_limit(string ddl, bool load)
    {
        using var limit = new CancellationTokenSource(Limit);
        CopyBench bench = await BenchAsync("throttle_rows", ddl, limit.Token);
        bench.DestinationFacts = facts => facts with { LocalInfile = load };
        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 3000 };
        long start = Stopwatch.GetTimestamp();
        await bench.RunAsync(limit.Token);

        Assert.Equal(RowCount, bench.RowsCopied);
        Assert.InRange(bench.RowsCopied / Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 3000 * Slack);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task Megabytes_per_second_stay_below_the_limit()
    {
        using var limit = new CancellationTokenSource(Limit);
        CopyBench bench = await BenchAsync("throttle_bytes", "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100), big LONGBLOB);", limit.Token);
        await bench.SourceAsync("INSERT INTO t (id, v, big) VALUES (-1, 'big', REPEAT('x', 3000000))", limit.Token);
        bench.Throttle.Limits = new ThrottleLimits { FullMegabytesPerSecond = 1 };
        long start = Stopwatch.GetTimestamp();
        await bench.RunAsync(limit.Token);

        long bytes = bench.Metrics.Tables.Values.Sum(t => t.Bytes);
        Assert.True(bytes > 3_000_000);
        Assert.InRange(bytes / Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 1e6 * Slack);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task Queries_per_second_as_the_source_counts_them_stay_below_the_limit()
    {
        using var limit = new CancellationTokenSource(Limit);
        CopyBench bench = await BenchAsync("throttle_queries", "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100));", limit.Token);
        bench.Throttle.Limits = new ThrottleLimits { FullQueriesPerSecond = 40 };

        // The server counts so many kinds of statements and no more: those of earlier tests make room.
        await bench.SourceAsync("TRUNCATE TABLE performance_schema.events_statements_summary_by_digest", limit.Token);
        long before = await QueriesAsync();
        long start = Stopwatch.GetTimestamp();
        await bench.RunAsync(limit.Token);

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long queries = await QueriesAsync() - before;
        Assert.True(queries > 100, $"{queries} queries");
        Assert.InRange(queries / seconds, 0, 40 * Slack);

        async Task<long> QueriesAsync() => long.Parse(
            await bench.SourceAsync($"SELECT COALESCE(SUM(COUNT_STAR),0) FROM performance_schema.events_statements_summary_by_digest WHERE DIGEST_TEXT LIKE '%SELECT%FROM `{bench.Database}`%'", limit.Token),
            CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_limit_that_is_changed_during_the_copy_holds_from_then_on()
    {
        using var limit = new CancellationTokenSource(Limit);
        CopyBench bench = await BenchAsync("throttle_live", "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100));", limit.Token);
        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 20 };
        Task running = bench.RunAsync(limit.Token);
        await WaitFor.ConditionAsync(() => bench.Throttle.Reason is not null, Limit, "the limit to be felt", limit.Token);

        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 2000 };
        await WaitFor.ConditionAsync(() => bench.RowsCopied > 2000, Limit, "rows at the raised limit", limit.Token);
        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 500 };
        await Task.Delay(TimeSpan.FromSeconds(2), limit.Token);
        long rows = bench.RowsCopied;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(4), limit.Token);
        long more = bench.RowsCopied - rows;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        // Rows count when their chunk commits: those of the chunks under way may have been paid for before.
        Assert.InRange(more, 1, (500 * seconds * Slack) + (4 * 200));
        bench.Throttle.Limits = ThrottleLimits.None;
        await running;
        await bench.AssertEqualAsync(limit.Token);
    }

    private static async Task<CopyBench> BenchAsync(string name, string ddl, CancellationToken cancellationToken)
    {
        CopyBench bench = await CopyBench.CreateAsync(name, cancellationToken, incremental: false);
        bench.Tuning = Small;
        await bench.CreateAsync(ddl, cancellationToken);
        await bench.SourceAsync(
            $"INSERT INTO t (id, v) WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<{RowCount}) SELECT i, REPEAT('v',50) FROM c; ANALYZE TABLE t;", cancellationToken);
        return bench;
    }
}
