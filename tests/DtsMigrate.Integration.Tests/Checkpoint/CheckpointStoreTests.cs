using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Integration.Tests.FullCopy;
using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Checkpoint;

public sealed class CheckpointStoreTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly SourcePosition Position = SourcePosition.Of(new BinlogCoordinate("binlog.000001", 4));

    [Fact]
    public async Task The_schema_may_be_created_by_many_at_once()
    {
        using var limit = new CancellationTokenSource(Limit);
        var source = await SharedServers.SourceAsync(limit.Token);

        // The shared source is nobody's destination, so the schema is not there yet.
        var benches = Enumerable.Range(0, 6).Select(_ => new CopyBench(source, source, SharedServers.NewDatabaseName("many"))).ToArray();
        var stores = await Task.WhenAll(benches.Select(b => b.OpenStoreAsync(limit.Token)));
        foreach (var store in stores)
        {
            Assert.Equal(string.Empty, await store.ReadPhaseAsync(limit.Token));
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_takeover_raises_the_epoch_and_shuts_the_old_owner_out()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("epoch", limit.Token);
        await using var old = await bench.OpenStoreAsync(limit.Token);
        await using var taker = await bench.OpenStoreAsync(limit.Token);

        Assert.Equal(old.Lease.Epoch + 1, taker.Lease.Epoch);
        Assert.Equal("LeaseLost", (await Assert.ThrowsAsync<DtsMigrateException>(() => old.RenewLeaseAsync(limit.Token))).Code);
        Assert.Equal("LeaseLost", (await Assert.ThrowsAsync<DtsMigrateException>(() => old.WritePhaseAsync("copy", limit.Token))).Code);
        await taker.RenewLeaseAsync(limit.Token);
        await taker.WritePhaseAsync("schema", limit.Token);
        Assert.Equal("schema", await taker.ReadPhaseAsync(limit.Token));
    }

    [Fact]
    public async Task A_takeover_waits_for_a_writer_that_is_about_to_commit()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("about", limit.Token);
        await using var old = await bench.OpenStoreAsync(limit.Token);
        await using var writer = await bench.Destination().OpenAsync(SessionPurpose.WriteRows, limit.Token);
        var destination = await SharedServers.DestinationAsync(limit.Token);
        await writer.ExecuteAsync("START TRANSACTION", limit.Token);
        await old.WriteAppliedAsync(writer, new AppliedRecord(Position, Position, 7), limit.Token);

        var takeover = bench.OpenStoreAsync(limit.Token);
        await WaitFor.ConditionAsync(
            async token => (await destination.RunSqlAsync("SELECT COUNT(*) FROM performance_schema.data_lock_waits", token)).Trim() != "0", Limit, "the takeover to wait", limit.Token);
        Assert.False(takeover.IsCompleted);
        await writer.ExecuteAsync("COMMIT", limit.Token);
        await using var taker = await takeover;

        Assert.Equal(7, (await taker.ReadAppliedAsync(limit.Token))!.Changes);
        await writer.ExecuteAsync("START TRANSACTION", limit.Token);
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => old.WriteAppliedAsync(writer, new AppliedRecord(Position, Position, 8), limit.Token));
        Assert.Equal("LeaseLost", error.Code);
    }

    [Fact]
    public async Task Another_machine_waits_until_the_lease_is_given_back()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("held", limit.Token);
        var here = await CheckpointStore.OpenAsync(bench.Destination(), bench.Database, "h", "here:1:a", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => CheckpointStore.OpenAsync(bench.Destination(), bench.Database, "h", "there:1:b", limit.Token));
        Assert.Equal("LeaseHeld", error.Code);
        await here.DisposeAsync();

        await using var there = await CheckpointStore.OpenAsync(bench.Destination(), bench.Database, "h", "there:1:b", limit.Token);
        Assert.Equal(2, there.Lease.Epoch);
    }

    [Fact]
    public async Task A_lease_that_was_not_renewed_is_free_for_all()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("stale", limit.Token);
        await using var here = await CheckpointStore.OpenAsync(bench.Destination(), bench.Database, "h", "here:1:a", limit.Token);
        var destination = await SharedServers.DestinationAsync(limit.Token);
        await destination.RunSqlAsync($"UPDATE dts_migrate.lease SET renewed_at=UTC_TIMESTAMP(6) - INTERVAL 31 SECOND WHERE task='{bench.Database}'", limit.Token);

        await using var there = await CheckpointStore.OpenAsync(bench.Destination(), bench.Database, "h", "there:1:b", limit.Token);

        Assert.Equal(2, there.Lease.Epoch);
    }

    [Fact]
    public async Task Another_definition_under_the_same_name_is_refused()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("definition", limit.Token);
        await (await CheckpointStore.OpenAsync(bench.Destination(), bench.Database, "one", "m:1:a", limit.Token)).DisposeAsync();

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => CheckpointStore.OpenAsync(bench.Destination(), bench.Database, "two", "m:1:a", limit.Token));

        Assert.Equal("TaskDefinitionChanged", error.Code);
    }

    [Fact]
    public async Task A_plan_made_again_after_a_kill_replaces_what_the_first_one_registered()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("replan", limit.Token);
        await bench.CreateAsync("CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY); CREATE TABLE c (id INT PRIMARY KEY);", limit.Token);
        var routes = await bench.ReadRoutesAsync(limit.Token);
        await using var store = await bench.OpenStoreAsync(limit.Token);
        await store.AddTablesAsync(routes, limit.Token);

        // Killed before the step was recorded; meanwhile the first table has gone, so that the others have new numbers.
        var again = routes.Skip(1).Select((r, i) => r with { Number = i + 1 }).ToList();
        await store.AddTablesAsync(again, limit.Token);

        var tables = await store.ReadTablesAsync(limit.Token);
        Assert.Equal(again.Select(r => (r.Number, r.Source)), tables.Select(t => (t.Number, t.Source)));
    }

    [Fact]
    public async Task A_table_of_one_chunk_that_is_begun_again_keeps_what_a_worker_has_done()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("whole", limit.Token);
        await bench.CreateAsync("CREATE TABLE a (id INT PRIMARY KEY);", limit.Token);
        await using var store = await bench.OpenStoreAsync(limit.Token);
        await store.AddTablesAsync(await bench.ReadRoutesAsync(limit.Token), limit.Token);
        await using var session = await bench.Destination().OpenAsync(SessionPurpose.WriteRows, limit.Token);
        var whole = new ChunkRecord(1, 1, null, null, false, 0, 0);
        await store.BeginCopyAsync(Position, whole, limit.Token);
        Assert.Null(await store.Chunks.ReadTotalAsync(1, limit.Token));
        await session.ExecuteAsync("START TRANSACTION", limit.Token);
        var claims = new ChunkClaims(store, session.ServerVersion);
        await claims.FinishAsync(session, (await claims.TakeAsync(session, [], limit.Token))! with { Rows = 3, Bytes = 30 }, null, limit.Token);
        await session.ExecuteAsync("COMMIT", limit.Token);

        // As after a COMMIT whose answer was lost.
        await store.BeginCopyAsync(Position, whole, limit.Token);

        Assert.Equal((3L, 30L), await store.Chunks.ReadTotalAsync(1, limit.Token));
    }

    [Fact]
    public async Task A_worker_without_the_lease_neither_begins_nor_ends_a_table()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("fenced", limit.Token);
        await bench.CreateAsync("CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY);", limit.Token);
        await using var old = await bench.OpenStoreAsync(limit.Token);
        await old.AddTablesAsync(await bench.ReadRoutesAsync(limit.Token), limit.Token);
        await old.BeginCopyAsync(2, Position, limit.Token);
        await old.Chunks.AddAsync(2, 1, [new ChunkRecord(2, 1, null, null, false, 0, 0)], true, limit.Token);

        // Begun anew with the same values: the server has nothing to change in the table's row, and the chunks go all the same.
        await old.BeginCopyAsync(2, Position, limit.Token);
        Assert.Empty(await old.Chunks.ReadAsync(2, limit.Token));
        await using var taker = await bench.OpenStoreAsync(limit.Token);
        Func<Task>[] writes =
        [
            () => old.BeginCopyAsync(1, Position, limit.Token),
            () => old.BeginCopyAsync(Position, new ChunkRecord(1, 1, null, null, false, 0, 0), limit.Token),
            () => old.EndCopyAsync(2, Position, 1, 1, limit.Token),
        ];

        foreach (var write in writes)
        {
            Assert.Equal("LeaseLost", (await Assert.ThrowsAsync<DtsMigrateException>(write)).Code);
        }

        var tables = await taker.ReadTablesAsync(limit.Token);
        Assert.Equal([TableCopyState.Pending, TableCopyState.Copying], tables.Select(t => t.State));
        Assert.Empty(await taker.Chunks.ReadAsync(1, limit.Token));
        var missing = await Assert.ThrowsAsync<DtsMigrateException>(() => taker.EndCopyAsync(1, Position, 1, 1, limit.Token));
        Assert.Equal("CheckpointInconsistent", missing.Code);
    }

    [Fact]
    public async Task A_table_goes_from_pending_to_live_and_every_step_may_be_repeated()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("steps", limit.Token);
        await bench.CreateAsync("CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE `b'☃` (id INT PRIMARY KEY);", limit.Token);
        var routes = await bench.ReadRoutesAsync(limit.Token);
        await using var store = await bench.OpenStoreAsync(limit.Token);
        await using var session = await bench.Destination().OpenAsync(SessionPurpose.WriteRows, limit.Token);
        var far = SourcePosition.Of(new BinlogCoordinate("binlog.000002", 4));
        ChunkRecord[] chunks = [new(1, 1, null, ["5", "_utf8mb4 0x27 COLLATE `x`"], false, 0, 0), new(1, 2, ["5", "'a'"], null, false, 0, 0)];

        await TwiceAsync(() => store.AddTablesAsync(routes, limit.Token));
        await TwiceAsync(() => store.BeginCopyAsync(1, Position, limit.Token));
        await TwiceAsync(() => store.Chunks.AddAsync(1, 1, chunks, true, limit.Token));
        var claims = new ChunkClaims(store, session.ServerVersion);
        await session.ExecuteAsync("START TRANSACTION", limit.Token);
        Assert.Equal(1, (await claims.TakeAsync(session, [], limit.Token))?.Number);
        await claims.FinishAsync(session, chunks[0] with { Rows = 10, Bytes = 100 }, null, limit.Token);
        await session.ExecuteAsync("COMMIT", limit.Token);
        await session.ExecuteAsync("START TRANSACTION", limit.Token);
        Assert.False(await claims.TakeAgainAsync(session, chunks[0], limit.Token));
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => claims.FinishAsync(session, chunks[0], null, limit.Token));
        await session.ExecuteAsync("ROLLBACK", limit.Token);
        await TwiceAsync(() => store.EndCopyAsync(1, far, 10, 100, limit.Token));

        Assert.Equal("ChunkAlreadyDone", error.Code);
        var read = await store.Chunks.ReadAsync(1, limit.Token);
        Assert.Equal([true, false], read.Select(c => c.Done));
        Assert.Equal(chunks[0].Upper!, read[0].Upper!);
        Assert.Equal(chunks[1].Lower!, read[1].Lower!);
        Assert.Null(read[1].Upper);
        var table = (await store.ReadTablesAsync(limit.Token))[0];
        Assert.Equal((TableCopyState.Copied, true, 10L, 100L), (table.State, table.PlanComplete, table.RowsCopied, table.BytesCopied));
        Assert.Equal((Position, far), (table.Watermark, table.FuzzyEnd));

        await TwiceAsync(() => store.BeginPassAsync(new AppliedRecord(Position, far, 3), [1], limit.Token));
        await session.ExecuteAsync("START TRANSACTION", limit.Token);
        await store.WriteAppliedAsync(session, new AppliedRecord(far, far, 4), limit.Token);
        await store.MarkLiveAsync(session, limit.Token);
        await session.ExecuteAsync("COMMIT", limit.Token);

        Assert.Equal(new AppliedRecord(far, far, 4), await store.ReadAppliedAsync(limit.Token));
        var tables = await store.ReadTablesAsync(limit.Token);
        Assert.Equal([TableCopyState.Live, TableCopyState.Pending], tables.Select(t => t.State));
        Assert.Equal("b'☃", tables[1].Source.Name);
    }

    [Fact]
    public async Task After_a_lost_connection_the_store_goes_on_when_it_is_called_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var proxy = FaultProxy.Start(destination);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName("reconnect")) { DestinationProxy = proxy };
        await using var store = await bench.OpenStoreAsync(limit.Token);

        proxy.ResetAll();

        await Assert.ThrowsAsync<MySqlConnectionException>(() => store.WritePhaseAsync("copy", limit.Token));
        await store.WritePhaseAsync("copy", limit.Token);
        Assert.Equal("copy", await store.ReadPhaseAsync(limit.Token));
    }

    private static async Task TwiceAsync(Func<Task> action)
    {
        await action();
        await action();
    }
}
