using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>A worker that has joined a copy does what is recorded, under a lease that is not its own, and nothing else.</summary>
public sealed class JoinTests
{
    private const string Ddl = "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(100) NOT NULL);";
    private const string Fill = "INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<9000) SELECT i, REPEAT('v', i % 100) FROM c;";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task It_copies_the_recorded_chunks_and_leaves_lease_and_table_alone()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (bench, holder) = await BeginAsync(limit.Token);
        await using var held = holder;
        string lease = await LeaseAsync(bench, limit.Token);
        await using (var joined = await JoinAsync(bench, limit.Token))
        {
            var progress = new JoinProgress();
            using var joiner = new CopyJoiner(await bench.ContextAsync(joined, limit.Token), "hash", progress);
            var running = joiner.RunAsync(limit.Token);
            await DoneAsync(bench, 3, limit.Token);
            Assert.Equal(9_000, (await holder.Chunks.ReadTotalAsync(1, limit.Token))?.Rows);
            Assert.Equal(TableCopyState.Copying, (await holder.ReadTablesAsync(limit.Token))[0].State);
            await holder.WritePhaseAsync("copy", limit.Token);
            Assert.Equal(JoinEnd.CopyDone, await running);
            Assert.Equal(3, progress.Chunks);
        }

        Assert.Equal(lease, await LeaseAsync(bench, limit.Token));
        Assert.Equal(9_000, bench.RowsCopied);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task Chunks_of_an_altered_table_are_left_until_it_is_begun_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (bench, holder) = await BeginAsync(limit.Token);
        await using var held = holder;
        await bench.SourceAsync("ALTER TABLE t ADD w INT NOT NULL DEFAULT 5;", limit.Token);
        await using var joined = await JoinAsync(bench, limit.Token);
        using var joiner = new CopyJoiner(await bench.ContextAsync(joined, limit.Token), "hash", new JoinProgress());
        var running = joiner.RunAsync(limit.Token);
        await WaitFor.ConditionAsync(() => bench.Log.Any(line => line.Contains("left to the task's own worker", StringComparison.Ordinal)), Limit, "the chunk to be given back", limit.Token);
        Assert.Equal((3, 0), await bench.ChunksAsync("t", limit.Token));

        var altered = (await bench.ReadRoutesAsync(limit.Token))[0];
        await holder.RestartCopyAsync(1, 2, altered.Definition, limit.Token);
        await bench.DestinationAsync("ALTER TABLE t ADD w INT NOT NULL DEFAULT 5;", limit.Token);
        await PlanAsync(holder, 2, limit.Token);
        await DoneAsync(bench, 3, limit.Token);
        await holder.WritePhaseAsync("copy", limit.Token);
        Assert.Equal(JoinEnd.CopyDone, await running);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_new_holder_of_the_lease_shuts_it_out_until_it_joins_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (bench, holder) = await BeginAsync(limit.Token);
        await using var held = holder;
        await using var joined = await JoinAsync(bench, limit.Token);
        await using var taker = await bench.OpenStoreAsync(limit.Token);
        var context = await bench.ContextAsync(joined, limit.Token);

        // Whatever it had in hand: its COMMIT fails, and it does not even have to look.
        using var tables = new JoinedTables(context);
        await using (var sessions = new CopySessions(context))
        {
            var copier = new ChunkCopier(context, bench.Tuning);
            var error = await Assert.ThrowsAsync<MySql.Errors.DtsMigrateException>(() => copier.CopyNextAsync(tables, sessions, static _ => { }, limit.Token));
            Assert.Equal("LeaseLost", error.Code);
        }

        using (var stale = new CopyJoiner(context, "hash", new JoinProgress()))
        {
            Assert.Equal(JoinEnd.NewLease, await stale.RunAsync(limit.Token));
        }

        Assert.Equal((3, 0), await bench.ChunksAsync("t", limit.Token));
        Assert.Equal("0", (await bench.DestinationAsync("SELECT COUNT(*) FROM t", limit.Token)).Trim());

        await using var again = await JoinAsync(bench, limit.Token);
        using var joiner = new CopyJoiner(await bench.ContextAsync(again, limit.Token), "hash", new JoinProgress());
        var running = joiner.RunAsync(limit.Token);
        await DoneAsync(bench, 3, limit.Token);
        await taker.WritePhaseAsync("copy", limit.Token);
        Assert.Equal(JoinEnd.CopyDone, await running);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task The_status_counts_what_others_have_copied()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (bench, holder) = await BeginAsync(limit.Token);
        await using var held = holder;
        var context = await bench.ContextAsync(holder, limit.Token);
        var route = (await bench.ReadRoutesAsync(limit.Token))[0];
        var progress = new TableProgress(route.Source, route.Destination, 9_000);
        context.Metrics.Tables[1] = progress;
        progress.AddCopied(10, 100);
        await bench.DestinationAsync($"UPDATE dts_migrate.chunk SET done=1, row_count=3000, byte_count=77 WHERE task='{bench.Database}' AND number=2;", limit.Token);

        await new CopiedElsewhere(context).RunAsync(
            token => WaitFor.ConditionAsync(() => progress.Rows == 3_000 && progress.Bytes == 77, Limit, "the rows of others", token), limit.Token);
    }

    private static async Task<(CopyBench Bench, CheckpointStore Holder)> BeginAsync(CancellationToken cancellationToken)
    {
        var bench = await CopyBench.CreateAsync("join", cancellationToken);
        await bench.CreateAsync(Ddl, cancellationToken);
        await bench.SourceAsync(Fill, cancellationToken);
        var holder = await bench.OpenStoreAsync(cancellationToken);
        await holder.AddTablesAsync(await bench.ReadRoutesAsync(cancellationToken), cancellationToken);
        await PlanAsync(holder, 1, cancellationToken);
        return (bench, holder);
    }

    private static async Task PlanAsync(CheckpointStore holder, int attempt, CancellationToken cancellationToken)
    {
        await holder.BeginCopyAsync(1, null, cancellationToken);
        ChunkRecord[] chunks = [Chunk(1, null, "3000"), Chunk(2, "3000", "6000"), Chunk(3, "6000", null)];
        Assert.True(await holder.Chunks.AddAsync(1, attempt, chunks, true, cancellationToken));
    }

    private static ChunkRecord Chunk(int number, string? lower, string? upper) => new(1, number, lower is null ? null : [lower], upper is null ? null : [upper], false, 0, 0);

    private static Task<CheckpointStore> JoinAsync(CopyBench bench, CancellationToken cancellationToken) =>
        CheckpointStore.JoinAsync(bench.Destination(), bench.Database, "hash", cancellationToken);

    private static Task DoneAsync(CopyBench bench, int chunks, CancellationToken cancellationToken) => WaitFor.ConditionAsync(
        async token => (await bench.ChunksAsync("t", token)).Done == chunks, Limit, string.Create(CultureInfo.InvariantCulture, $"{chunks} chunks"), cancellationToken);

    private static Task<string> LeaseAsync(CopyBench bench, CancellationToken cancellationToken) =>
        bench.DestinationAsync($"SELECT owner, epoch, renewed_at FROM dts_migrate.lease WHERE task='{bench.Database}'", cancellationToken);
}
