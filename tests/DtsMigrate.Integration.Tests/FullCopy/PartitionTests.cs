using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Tables that are copied partition by partition, and partitions that change under the copy.</summary>
public sealed class PartitionTests
{
    private const string Range = "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION `p 1` VALUES LESS THAN (200), PARTITION p2 VALUES LESS THAN (300))";
    private const string Lists = "PARTITION BY LIST (id) (PARTITION p0 VALUES IN (1,2), PARTITION p1 VALUES IN (3,4))";
    private const string Hash = "PARTITION BY HASH (id) PARTITIONS 4";
    private const string Subpartitions = "PARTITION BY RANGE (id) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (200))";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(Range, "ALTER TABLE t REORGANIZE PARTITION p0, `p 1` INTO (PARTITION p0 VALUES LESS THAN (150), PARTITION `p 1` VALUES LESS THAN (200))", "reorganized")]
    [InlineData(Range, "ALTER TABLE t REORGANIZE PARTITION p0 INTO (PARTITION a VALUES LESS THAN (50), PARTITION p0 VALUES LESS THAN (100))", "reorganized")]
    [InlineData(Range, "ALTER TABLE t REORGANIZE PARTITION p2 INTO (PARTITION p2a VALUES LESS THAN (250), PARTITION p2b VALUES LESS THAN (300))", "dropped")]
    [InlineData(Range, "ALTER TABLE t DROP PARTITION p0", "dropped")]
    [InlineData(Range, "ALTER TABLE t REMOVE PARTITIONING", "dropped")]
    [InlineData(Range, "ALTER TABLE t " + Hash, "reorganized")]
    [InlineData(Lists, "ALTER TABLE t REORGANIZE PARTITION p0, p1 INTO (PARTITION p0 VALUES IN (1,3), PARTITION p1 VALUES IN (2,4))", "reorganized")]
    [InlineData(Hash, "ALTER TABLE t ADD PARTITION PARTITIONS 1", "reorganized")]
    [InlineData(Hash, "ALTER TABLE t COALESCE PARTITION 1", "reorganized")]
    [InlineData(Hash, "ALTER TABLE t PARTITION BY LINEAR HASH (id) PARTITIONS 4", "reorganized")]
    [InlineData(Subpartitions, "ALTER TABLE t REORGANIZE PARTITION p0, p1 INTO (PARTITION p0 VALUES LESS THAN (150), PARTITION p1 VALUES LESS THAN (200))", "reorganized")]
    public async Task Rows_that_may_have_moved_between_partitions_are_noticed(string partitions, string alter, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (bench, known) = await CutAsync(partitions, limit.Token);

        await bench.SourceAsync(alter + ";", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => NextAsync(bench, known, limit.Token));
        Assert.Equal("TableDefinitionChanged", error.Code);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Range, "ALTER TABLE t ADD PARTITION (PARTITION p3 VALUES LESS THAN (400))", 1)]
    [InlineData(Lists, "ALTER TABLE t ADD PARTITION (PARTITION p2 VALUES IN (5))", 1)]
    [InlineData(Subpartitions, "ALTER TABLE t ADD PARTITION (PARTITION p2 VALUES LESS THAN (300))", 2)]
    [InlineData(Range, "ALTER TABLE t ADD INDEX (v)", 0)]
    public async Task A_partition_that_is_added_is_cut_too(string partitions, string alter, int added)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (bench, known) = await CutAsync(partitions, limit.Token);

        await bench.SourceAsync(alter + ";", limit.Token);

        for (int i = 0; i < added; i++)
        {
            var chunk = (await NextAsync(bench, known, limit.Token))!;
            Assert.DoesNotContain(known, c => c.Scope!.Partition == chunk.Scope!.Partition);
            known.Add(chunk);
        }

        Assert.Null(await NextAsync(bench, known, limit.Token));
    }

    [Fact]
    public async Task Partitions_that_are_reorganized_under_the_copy_let_it_begin_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateLargeAsync("reorganized", limit.Token);
        await using var blocker = await bench.Destination().OpenAsync(SessionPurpose.WriteRows, limit.Token);
        await blocker.ExecuteAsync("START TRANSACTION", limit.Token);
        await blocker.ExecuteAsync($"INSERT INTO `{bench.Database}`.t VALUES (299,'')", limit.Token);

        // The last chunk waits for the blocker's row.
        var copy = bench.RunAsync(limit.Token);
        await WaitFor.ConditionAsync(async token => (await bench.ChunksAsync("t", token)).Done > 0, Limit, "a copied chunk", limit.Token);
        await bench.SourceAsync("ALTER TABLE t REORGANIZE PARTITION p0, `p 1` INTO (PARTITION p0 VALUES LESS THAN (50), PARTITION `p 1` VALUES LESS THAN (200));", limit.Token);
        await blocker.ExecuteAsync("ROLLBACK", limit.Token);

        await copy;
        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log, line => line.Contains("copied again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Partitions_that_are_reorganized_between_two_runs_let_the_copy_begin_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateLargeAsync("between_runs", limit.Token);
        using (var first = CancellationTokenSource.CreateLinkedTokenSource(limit.Token))
        {
            await using var blocker = await bench.Destination().OpenAsync(SessionPurpose.WriteRows, limit.Token);
            await blocker.ExecuteAsync("START TRANSACTION", limit.Token);
            await blocker.ExecuteAsync($"INSERT INTO `{bench.Database}`.t VALUES (299,'')", limit.Token);
            var copy = bench.RunAsync(first.Token);
            await WaitFor.ConditionAsync(async token => (await bench.ChunksAsync("t", token)).Done > 0, Limit, "a copied chunk", limit.Token);
            await first.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy);
        }

        await bench.SourceAsync("ALTER TABLE t REORGANIZE PARTITION p0, `p 1` INTO (PARTITION p0 VALUES LESS THAN (50), PARTITION `p 1` VALUES LESS THAN (200));", limit.Token);
        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        Assert.Contains(bench.Log, line => line.Contains("other partitions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Large_partitions_are_copied_one_by_one()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateLargeAsync("by_partition", limit.Token);

        await bench.RunAsync(limit.Token);

        await bench.AssertEqualAsync(limit.Token);
        string scopes = await bench.DestinationAsync($"SELECT DISTINCT JSON_UNQUOTE(JSON_EXTRACT(scope,'$[0]')) FROM dts_migrate.chunk WHERE task='{bench.Database}' ORDER BY 1;", limit.Token);
        Assert.Equal(["p 1", "p0", "p2"], scopes.Trim().Split('\n'));
    }

    private static async Task<CopyBench> CreateLargeAsync(string prefix, CancellationToken cancellationToken)
    {
        var bench = await CopyBench.CreateAsync(prefix, cancellationToken);
        bench.Tuning = new CopyTuning { ChunkBytes = 1 << 20 };
        await bench.CreateAsync($"CREATE TABLE t (id INT PRIMARY KEY, v VARBINARY(16000)) {Range};", cancellationToken);
        await bench.SourceAsync("INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<299) SELECT i, REPEAT('v',16000) FROM c; ANALYZE TABLE t;", cancellationToken);
        await using (await bench.OpenStoreAsync(cancellationToken))
        {
            // The tests look at the chunks from the start: their table must be there before the copy makes it.
        }

        return bench;
    }

    private static async Task<(CopyBench Bench, List<ChunkRecord> Known)> CutAsync(string partitions, CancellationToken cancellationToken)
    {
        var bench = await CopyBench.CreateAsync("partitions", cancellationToken);
        await bench.CreateAsync($"CREATE TABLE t (id INT PRIMARY KEY, v INT) {partitions};", cancellationToken);
        await bench.SourceAsync("INSERT INTO t VALUES (1,0),(2,0),(3,0),(4,0);", cancellationToken);
        List<ChunkRecord> known = [];
        while (await NextAsync(bench, known, cancellationToken) is { } chunk)
        {
            Assert.NotNull(chunk.Scope!.Partition);
            known.Add(chunk);
        }

        return (bench, known);
    }

    private static async Task<ChunkRecord?> NextAsync(CopyBench bench, List<ChunkRecord> known, CancellationToken cancellationToken)
    {
        var route = Assert.Single(await bench.ReadRoutesAsync(cancellationToken));
        await using var source = await bench.Source().OpenAsync(SessionPurpose.ReadRows, cancellationToken);
        var statements = CopyStatements.Create(route, route.Definition, source.ServerVersion, source.ServerVersion);
        return await new RangeCutter(route, statements, known, false, 0).NextAsync(2, source, cancellationToken);
    }
}
