using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Integration.Tests.FullCopy;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Checkpoint;

/// <summary>How workers share chunks, on a destination that has SKIP LOCKED and on one that has not.</summary>
public sealed class ChunkClaimsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly SourcePosition Position = SourcePosition.Of(new BinlogCoordinate("binlog.000001", 4));

    public static TheoryData<bool> Versions => [false, true];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_worker_that_passes_over_a_table_leaves_its_chunks_to_others(bool old)
    {
        await using var bench = await ClaimBench.CreateAsync(old, tables: 2);
        await bench.Store.BeginCopyAsync(Position, Whole(1), bench.Token);
        await bench.Store.BeginCopyAsync(Position, Whole(2), bench.Token);

        Assert.Equal(2, (await bench.Claims.TakeAsync(bench.One, [1], bench.Token))?.TableNumber);
        Assert.Null(await bench.Claims.TakeAsync(bench.Other, [1], bench.Token));
        Assert.Equal(1, (await bench.Claims.TakeAsync(bench.Other, [], bench.Token))?.TableNumber);
        Assert.Null(await bench.Claims.TakeAsync(bench.Third, [], bench.Token));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Workers_are_at_different_chunks_of_one_table_and_nobody_waits(bool old)
    {
        await using var bench = await ClaimBench.CreateAsync(old, tables: 1);
        await bench.Store.BeginCopyAsync(1, Position, bench.Token);
        await bench.Store.Chunks.AddAsync(1, 1, [Part(1, null, "5"), Part(2, "5", "9"), Part(3, "9", null)], true, bench.Token);

        var first = await bench.Claims.TakeAsync(bench.One, [], bench.Token);
        var second = await bench.Claims.TakeAsync(bench.Other, [], bench.Token);
        Assert.Equal([1, 2], [first!.Number, second!.Number]);
        Assert.Null(await bench.Claims.TryTakeAsync(bench.Third, 1, 2, bench.Token));

        // Done, and the same session goes on with the next one.
        await bench.Claims.FinishAsync(bench.One, first with { Rows = 1 }, null, bench.Token);
        await bench.One.ExecuteAsync("COMMIT", bench.Token);
        await bench.One.ExecuteAsync("START TRANSACTION", bench.Token);
        Assert.Equal(3, (await bench.Claims.TakeAsync(bench.One, [], bench.Token))!.Number);
        Assert.Null(await bench.Claims.TakeAsync(bench.Third, [], bench.Token));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_worker_that_dies_gives_its_chunk_back_and_one_that_was_cut_off_takes_it_again(bool old)
    {
        await using var bench = await ClaimBench.CreateAsync(old, tables: 1);
        await bench.Store.BeginCopyAsync(Position, Whole(1), bench.Token);
        var chunk = await bench.Claims.TakeAsync(bench.One, [], bench.Token);

        // To take it again may mean to wait for the session that is ending.
        await bench.Other.ExecuteAsync("SET SESSION innodb_lock_wait_timeout=60", bench.Token);
        await bench.KillAsync(bench.One);

        Assert.True(await bench.Claims.TakeAgainAsync(bench.Other, chunk!, bench.Token));
        Assert.Null(await bench.Claims.TakeAsync(bench.Third, [], bench.Token));
        await bench.KillAsync(bench.Other);
        Assert.Equal(chunk!.Number, (await WaitFor.ValueAsync(token => bench.Claims.TakeAsync(bench.Third, [], token), c => c is not null, Limit, "the chunk", bench.Token))!.Number);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_group_takes_the_whole_tables_that_nobody_is_at(bool old)
    {
        await using var bench = await ClaimBench.CreateAsync(old, tables: 4);
        foreach (int table in new[] { 1, 2, 3 })
        {
            await bench.Store.BeginCopyAsync(Position, Whole(table), bench.Token);
        }

        await bench.Store.BeginCopyAsync(4, Position, bench.Token);
        await bench.Store.Chunks.AddAsync(4, 1, [new ChunkRecord(4, 1, null, ["5"], false, 0, 0)], false, bench.Token);
        int taken = (await bench.Claims.TakeAsync(bench.One, [1, 3, 4], bench.Token))!.TableNumber;

        var group = await bench.Claims.TakeWholeAsync(bench.Other, [1, 2, 3, 4], bench.Token);

        Assert.Equal(2, taken);
        Assert.Equal([1, 3], group.Select(c => c.TableNumber).Order());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_planner_that_has_split_a_chunk_leaves_it_to_workers(bool old)
    {
        await using var bench = await ClaimBench.CreateAsync(old, tables: 1);
        await bench.Store.BeginCopyAsync(1, Position, bench.Token);
        await bench.Store.Chunks.AddAsync(1, 1, [Part(1, null, null)], true, bench.Token);
        var chunk = await bench.Claims.TryTakeAsync(bench.One, 1, 1, bench.Token);

        await bench.Claims.SplitAsync(bench.One, chunk!, [["5"]], bench.Token);
        await bench.One.ExecuteAsync("COMMIT", bench.Token);
        await bench.Claims.ReleaseAsync(bench.One, bench.Token);

        var parts = new[] { await bench.Claims.TakeAsync(bench.Other, [], bench.Token), await bench.Claims.TakeAsync(bench.Third, [], bench.Token) };
        Assert.Equal([1, ChunkClaims.FirstCutNumber], parts.Select(p => p!.Number).Order());
    }

    private static ChunkRecord Whole(int table) => new(table, 1, null, null, false, 0, 0);

    private static ChunkRecord Part(int number, string? lower, string? upper) =>
        new(1, number, lower is null ? null : [lower], upper is null ? null : [upper], false, 0, 0);

    /// <summary>A task with tables, and three sessions in transactions. A locking read that waited would fail after its second.</summary>
    private sealed class ClaimBench : IAsyncDisposable
    {
        private readonly CancellationTokenSource _limit = new(Limit);
        private readonly List<MySqlSession> _sessions = [];

        public CancellationToken Token => _limit.Token;

        public CheckpointStore Store { get; private set; } = null!;

        public ChunkClaims Claims { get; private set; } = null!;

        public MySqlSession One => _sessions[0];

        public MySqlSession Other => _sessions[1];

        public MySqlSession Third => _sessions[2];

        public static async Task<ClaimBench> CreateAsync(bool old, int tables)
        {
            var bench = new ClaimBench();
            var copy = await CopyBench.CreateAsync("claims", bench.Token);
            await copy.CreateAsync(string.Concat(Enumerable.Range(1, tables).Select(i => $"CREATE TABLE t{i} (id INT PRIMARY KEY);")), bench.Token);
            bench.Store = await copy.OpenStoreAsync(bench.Token);
            await bench.Store.AddTablesAsync(await copy.ReadRoutesAsync(bench.Token), bench.Token);
            for (int i = 0; i < 3; i++)
            {
                var session = await copy.Destination().OpenAsync(SessionPurpose.WriteRows, bench.Token);
                bench._sessions.Add(session);
                await session.ExecuteAsync("SET SESSION innodb_lock_wait_timeout=1", bench.Token);
                await session.ExecuteAsync("START TRANSACTION", bench.Token);
            }

            bench.Claims = new ChunkClaims(bench.Store, old ? CopyBench.OldVersion : bench.One.ServerVersion);
            return bench;
        }

        public async Task KillAsync(MySqlSession session)
        {
            var destination = await SharedServers.DestinationAsync(Token);
            await destination.RunSqlAsync($"KILL {session.ConnectionId}", Token);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var session in _sessions)
            {
                await session.DisposeAsync();
            }

            await Store.DisposeAsync();
            _limit.Dispose();
        }
    }
}
