using System.Globalization;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Schema;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using static DtsMigrate.Integration.Tests.FullCopy.LateIndexBench;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Whatever is cut off, and wherever, the indexes are there in the end, or the task says which are not.</summary>
public sealed class LateIndexFaultTests
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY, a INT, v VARCHAR(100), UNIQUE KEY u (id, a), KEY k (a), KEY kv (v(20), a), FULLTEXT KEY ft (v)); CREATE TABLE small (id INT PRIMARY KEY, a INT, KEY k (a));";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_worker_that_ends_at_any_step_is_followed_by_one_that_completes_it()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateAsync("late_steps", Table, Rows(1000), incremental: true, limit.Token);
        await CreateTablesAsync(bench, limit.Token);

        // Each worker ends at its first word about an index that no earlier one has said; so each step is once the last.
        var said = new HashSet<string>(StringComparer.Ordinal);
        int ended = 0;
        bool completed = false;
        while (!completed)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            bench.OnLog = line =>
            {
                if (line.Contains("index", StringComparison.Ordinal) && !line.Contains("retry", StringComparison.Ordinal))
                {
                    lock (said)
                    {
                        if (said.Add(line.Split(" built in ")[0]))
                        {
                            stop.Cancel();
                        }
                    }
                }
            };
            try
            {
                await bench.RunAsync(stop.Token);
                completed = true;
            }
            catch (OperationCanceledException) when (!limit.IsCancellationRequested)
            {
                ended++;
            }
        }

        Assert.InRange(ended, 4, 20);
        await AssertSameDefinitionsAsync(bench, limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("0", await PlannedAsync(bench, built: false, limit.Token));
    }

    [Fact]
    public async Task Schema_migration_that_was_cut_off_goes_on_from_any_state()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateAsync("late_schema", Table, Rows(100), incremental: true, limit.Token);
        await CreateTablesAsync(bench, limit.Token);

        // Planned but not created; created with the plan; some indexes there although the plan says nothing of it.
        await bench.DestinationAsync("DROP TABLE t", limit.Token);
        await CreateTablesAsync(bench, limit.Token);
        await CreateTablesAsync(bench, limit.Token);
        await bench.DestinationAsync("ALTER TABLE t ADD KEY kv (v(20), a)", limit.Token);
        await CreateTablesAsync(bench, limit.Token);
        Assert.Equal("4", await PlannedAsync(bench, built: false, limit.Token));

        // An index of the plan's name that is another one is somebody else's.
        await bench.DestinationAsync("ALTER TABLE t ADD KEY k (v)", limit.Token);
        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => CreateTablesAsync(bench, limit.Token));
        Assert.Equal("DestinationTableDiffers", error.Code);
        await bench.DestinationAsync("ALTER TABLE t DROP KEY k", limit.Token);

        // Said to be built and not there.
        await bench.DestinationAsync("UPDATE dts_migrate.deferred_index SET built=1 WHERE name='k'", limit.Token);
        await bench.RunAsync(limit.Token);
        await AssertSameDefinitionsAsync(bench, limit.Token);
    }

    [Fact]
    public async Task An_index_that_somebody_changed_stops_the_task_by_name()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateAsync("late_differs", Table, Rows(100), incremental: true, limit.Token);
        await CreateTablesAsync(bench, limit.Token);
        await bench.DestinationAsync("ALTER TABLE t ADD KEY k (a DESC), ADD KEY more (v), DROP KEY u", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => bench.RunAsync(limit.Token));
        Assert.Equal("IndexesDiffer", error.Code);
        Assert.Contains("UNIQUE KEY `u` (`id`,`a`) is missing; KEY `k` (`a`) is KEY `k` (`a` DESC) there", error.Message, StringComparison.Ordinal);

        // Mended, the task goes on; what is more than the source has may stay.
        await bench.DestinationAsync("ALTER TABLE t DROP KEY k, ADD UNIQUE KEY u (id, a)", limit.Token);
        await bench.RunAsync(limit.Token);
        await bench.DestinationAsync("ALTER TABLE t DROP KEY more", limit.Token);
        await AssertSameDefinitionsAsync(bench, limit.Token);
    }

    [Fact]
    public async Task An_index_that_the_source_got_since_is_built_too_and_one_that_it_lost_is_not()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateAsync("late_moved", Table, Rows(100), incremental: true, limit.Token);
        await CreateTablesAsync(bench, limit.Token);
        await bench.SourceAsync("ALTER TABLE t DROP KEY kv, ADD KEY young (a, v)", limit.Token);
        await bench.RunAsync(limit.Token);
        await AssertSameDefinitionsAsync(bench, limit.Token);
    }

    [Fact]
    public async Task A_stopped_worker_leaves_no_build_running()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateAsync("late_stop", Table, Rows(500), incremental: true, limit.Token);
        await CreateTablesAsync(bench, limit.Token);
        await using var blocker = await BlockAsync(bench, limit.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var running = bench.RunAsync(stop.Token);
        await BuildAppearsAsync(bench, running, limit.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal("0", await BuildsAsync(bench, limit.Token));
        await blocker.ExecuteAsync("ROLLBACK", limit.Token);
        await bench.RunAsync(limit.Token);
        await AssertSameDefinitionsAsync(bench, limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_takeover_does_not_wait_for_a_build_and_its_old_worker_ends()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateAsync("late_lease", Table, Rows(500), incremental: true, limit.Token);
        await CreateTablesAsync(bench, limit.Token);
        await using var blocker = await BlockAsync(bench, limit.Token);
        await using var old = await bench.OpenStoreAsync(limit.Token);
        var running = bench.RunAsync(old, limit.Token);
        await BuildAppearsAsync(bench, running, limit.Token);

        // Both work: the lease's row is free while the statement runs.
        await old.RenewLeaseAsync(limit.Token).WaitAsync(TimeSpan.FromSeconds(15), limit.Token);
        await using var next = await bench.OpenStoreAsync(limit.Token).WaitAsync(TimeSpan.FromSeconds(15), limit.Token);
        var taking = bench.RunAsync(next, limit.Token);
        await WaitFor.ConditionAsync(() => taking.IsCompleted || bench.Log.Any(l => l.Contains("waiting for it", StringComparison.Ordinal)), Limit, "the new worker to wait for the build", limit.Token);
        await blocker.ExecuteAsync("ROLLBACK", limit.Token);

        var error = await Assert.ThrowsAsync<DtsMigrateException>(() => running);
        Assert.Equal("LeaseLost", error.Code);
        await taking;
        await AssertSameDefinitionsAsync(bench, limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_lost_connection_during_a_build_costs_no_index()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, destination) = await SharedServers.PairAsync(limit.Token);
        await using var proxy = FaultProxy.Start(destination);
        var bench = await CreateAsync(source, destination, "late_cut", Table, Rows(500), incremental: true, limit.Token);
        await CreateTablesAsync(bench, limit.Token);
        await using var blocker = await BlockAsync(bench, limit.Token);
        bench.DestinationProxy = proxy;
        var running = bench.RunAsync(limit.Token);
        await BuildAppearsAsync(bench, running, limit.Token);
        proxy.ResetAll();
        await WaitFor.ConditionAsync(() => running.IsCompleted || bench.Log.Any(l => l.StartsWith("retry finish", StringComparison.Ordinal)), Limit, "the lost connection to be noticed", limit.Token);
        await blocker.ExecuteAsync("ROLLBACK", limit.Token);
        await running;

        await AssertSameDefinitionsAsync(bench, limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_of_a_build_builds_it_again()
    {
        using var limit = new CancellationTokenSource(Limit);
        var (source, _) = await SharedServers.PairAsync(limit.Token);
        await using var victim = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "victim" }, limit.Token);
        var bench = await CreateAsync(source, victim, "late_kill", Table, Rows(60_000), incremental: true, limit.Token);
        bench.Tuning = new CopyTuning { ChunkBytes = 4 << 20 };
        await CreateTablesAsync(bench, limit.Token);
        var running = bench.RunAsync(limit.Token);
        await WaitFor.ConditionAsync(
            () => running.IsCompleted || bench.Log.Any(l => l.StartsWith("Building 2 indexes", StringComparison.Ordinal) && l.Contains(".t:", StringComparison.Ordinal)), Limit, "the build to begin", limit.Token);
        if (running.IsCompleted)
        {
            await running;
            Assert.Fail("The build was over before the server could be killed.");
        }

        await victim.KillAsync(limit.Token);
        await victim.StartAgainAsync(limit.Token);
        await running;

        Assert.Contains(bench.Log, l => l.StartsWith("retry finish", StringComparison.Ordinal));
        await AssertSameDefinitionsAsync(bench, limit.Token);
        await bench.AssertEqualAsync(limit.Token);
    }

    /// <summary>Neither while somebody on the destination runs a statement with a character that the server's lists of statements cannot take.</summary>
    [Theory]
    [InlineData("plain")]
    [InlineData("\U0001F600")]
    public async Task An_idle_session_of_a_dead_worker_does_not_hold_the_lock_for_ever(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CreateAsync("late_idle", Table, Rows(10), incremental: true, limit.Token);
        await using var store = await bench.OpenStoreAsync(limit.Token);
        var context = await bench.ContextAsync(store, limit.Token);
        var route = (await bench.ReadRoutesAsync(limit.Token))[0];
        await using var dead = await bench.Destination().OpenAsync(SessionPurpose.WriteSchema, limit.Token);
        await using var next = await bench.Destination().OpenAsync(SessionPurpose.WriteSchema, limit.Token);
        var shortIdle = new IndexBuildLock(context, route) { IdleLimit = TimeSpan.FromSeconds(2), WaitSeconds = 1 };
        await shortIdle.TakeAsync(dead, limit.Token);
        await using var other = await bench.Destination().OpenAsync(SessionPurpose.Metadata, limit.Token);
        var running = other.ExecuteAsync($"DO SLEEP(120) /* {text} */", limit.Token);
        await WaitFor.ConditionAsync(
            async token => (await next.QueryRowsAsync($"SELECT 1 FROM performance_schema.processlist WHERE ID={other.ConnectionId} AND STATE='User sleep'", token)).Count > 0, Limit, "the statement to run", limit.Token);

        await shortIdle.TakeAsync(next, limit.Token);

        Assert.False(running.IsCompleted);
        await Assert.ThrowsAnyAsync<DtsMigrateException>(() => dead.PingAsync(limit.Token));
        await shortIdle.ReleaseAsync(next, limit.Token);
        await next.ExecuteAsync($"KILL QUERY {other.ConnectionId}", limit.Token);
        await running;
    }

    private static string Rows(int count) => string.Create(
        CultureInfo.InvariantCulture,
        $"INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<{count}) SELECT i, i % 1000, CONCAT('word', HEX(i * 7919), ' and', i % 77) FROM c; INSERT INTO small SELECT id, a FROM t WHERE id<50;");

    /// <summary>An open transaction that has read the table: an ALTER TABLE of it waits.</summary>
    private static async Task<MySqlSession> BlockAsync(CopyBench bench, CancellationToken cancellationToken)
    {
        var session = await bench.Destination().OpenAsync(SessionPurpose.Metadata, cancellationToken);
        await session.ExecuteAsync("START TRANSACTION", cancellationToken);
        await session.QueryRowsAsync($"SELECT COUNT(*) FROM `{bench.Database}`.t", cancellationToken);
        return session;
    }

    private static async Task BuildAppearsAsync(CopyBench bench, Task running, CancellationToken cancellationToken)
    {
        await WaitFor.ConditionAsync(async token => running.IsCompleted || await BuildsAsync(bench, token) != "0", Limit, "ALTER TABLE to run", cancellationToken);
        if (running.IsCompleted)
        {
            await running;
            Assert.Fail("The run ended without an ALTER TABLE that waits.");
        }
    }

    private static async Task<string> BuildsAsync(CopyBench bench, CancellationToken cancellationToken) => (await bench.DestinationAsync(
        $"SELECT COUNT(*) FROM performance_schema.processlist WHERE INFO LIKE 'ALTER TABLE `{bench.Database.Replace("_", "\\_", StringComparison.Ordinal)}`.`t` ADD%'", cancellationToken)).Trim();
}
