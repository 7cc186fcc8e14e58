using System.Globalization;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Integration.Tests.FullCopy;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Throttling;

/// <summary>The copy gives way to other work on real servers, and does them no harm by its length.</summary>
[Collection(AloneCollection.Name)]
public sealed class LoadLimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task A_load_over_its_limit_stops_new_chunks_and_says_so_until_it_is_gone()
    {
        using var limit = new CancellationTokenSource(Limit);
        (CopyBench bench, MySqlServer source) = await BenchAsync("load", new LoadLimits { ThreadsRunning = 8 }, limit.Token);

        // Eight others at work, for as long as the test wants.
        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 2000 };
        Task[] others = [.. Enumerable.Range(0, 8).Select(_ => source.RunSqlAsync($"SELECT SLEEP(600), '{bench.Database}'", limit.Token))];
        var governor = new CopyGovernor(4);
        bench.Governor = governor;
        Task running = bench.RunAsync(limit.Token);
        await WaitFor.ConditionAsync(() => governor.Allowed == 0 || running.IsCompleted, Limit, "no new chunks", limit.Token);
        Assert.Contains("No new chunk is begun: Threads_running of the source is", governor.Reason, StringComparison.Ordinal);
        await WaitFor.ConditionAsync(() => bench.Throttle.Reason is null, Limit, "the chunks under way to end", limit.Token);
        long rows = bench.RowsCopied;
        await Task.Delay(TimeSpan.FromSeconds(2), limit.Token);
        Assert.Equal(rows, bench.RowsCopied);
        Assert.False(running.IsCompleted);

        await source.RunSqlAsync(
            string.Join(';', (await source.RunSqlAsync($"SELECT ID FROM performance_schema.processlist WHERE INFO LIKE 'SELECT SLEEP(600), ''{bench.Database}''%'", limit.Token))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(id => $"KILL QUERY {id}")),
            limit.Token);
        await Task.WhenAll(others);
        await running;
        Assert.Null(governor.Reason);
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_told_and_does_not_stop_the_copy()
    {
        using var limit = new CancellationTokenSource(Limit);
        (CopyBench bench, _) = await BenchAsync("no_replica", new LoadLimits { ReplicaLagSeconds = 1, HistoryLength = 1_000_000_000, DestinationThreadsRunning = 100_000, DestinationRedoPercent = 100 }, limit.Token);
        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 6000 };
        await bench.RunAsync(limit.Token);

        Assert.Contains(bench.Log, line => line.Contains("replica lag in seconds of the source cannot be measured", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Log, line => line.Contains("history", StringComparison.Ordinal) || line.Contains("Threads_running", StringComparison.Ordinal) || line.Contains("redo", StringComparison.Ordinal));
        await bench.AssertEqualAsync(limit.Token);
    }

    [Fact]
    public async Task The_history_list_does_not_grow_with_the_duration_of_the_copy()
    {
        using var limit = new CancellationTokenSource(Limit);
        (CopyBench bench, MySqlServer source) = await BenchAsync("history", LoadLimits.None, limit.Token);
        string counter = $"`{bench.Database}_writes`.counter";
        await source.RunSqlAsync($"CREATE DATABASE `{bench.Database}_writes`; CREATE TABLE {counter} (id INT PRIMARY KEY, n INT NOT NULL); INSERT INTO {counter} VALUES (1,0);", limit.Token);

        // One statement per transaction and an undo log for each: what nobody may purge shows in the length at once.
        string updates = string.Concat(Enumerable.Repeat($"UPDATE {counter} SET n=n+1;", 1500));
        bench.Throttle.Limits = new ThrottleLimits { FullRowsPerSecond = 300 };
        Task running = bench.RunAsync(limit.Token);
        await WaitFor.ConditionAsync(() => bench.RowsCopied > 0 || running.IsCompleted, Limit, "the copy to be under way", limit.Token);
        long before = await LengthAsync();
        long most = 0;
        for (int i = 0; i < 4; i++)
        {
            await source.RunSqlAsync(updates, limit.Token);
            Assert.False(running.IsCompleted);
            most = Math.Max(most, await LowestAsync());
        }

        bench.Throttle.Limits = ThrottleLimits.None;
        await running;

        // The same writes beside a snapshot that is held, as a long copy would hold it.
        Task<string> held = source.RunSqlAsync($"USE `{bench.Database}`; START TRANSACTION WITH CONSISTENT SNAPSHOT; SELECT COUNT(*) FROM t; SELECT SLEEP(20); COMMIT", limit.Token);
        await WaitFor.ConditionAsync(
            async token => (await source.RunSqlAsync("SELECT COUNT(*) FROM performance_schema.processlist WHERE INFO='SELECT SLEEP(20)'", token)).Trim() != "0", Limit, "the snapshot", limit.Token);
        for (int i = 0; i < 4; i++)
        {
            await source.RunSqlAsync(updates, limit.Token);
        }

        long withSnapshot = await LengthAsync();
        Assert.False(held.IsCompleted, "The snapshot was not held long enough.");
        Assert.True(withSnapshot > before + 5000, $"A held snapshot shows a length of {withSnapshot}: the measure is no measure.");

        // The purge of servers before 9 lags behind by one of the four rounds.
        int lag = source.Binaries.Version.Major >= 9 ? 1000 : 2500;
        Assert.True(most < before + lag, $"The history list grew from {before} to {most} during the copy; beside a held snapshot it is {withSnapshot}.");
        await source.RunSqlAsync("KILL QUERY " + (await source.RunSqlAsync("SELECT ID FROM performance_schema.processlist WHERE INFO='SELECT SLEEP(20)'", limit.Token)).Trim(), limit.Token);
        await held;

        async Task<long> LengthAsync() => long.Parse(
            await source.RunSqlAsync("SELECT COUNT FROM information_schema.INNODB_METRICS WHERE NAME='trx_rseg_history_len'", limit.Token), CultureInfo.InvariantCulture);

        // Purge takes its turns: the lowest length within some seconds is what it cannot get rid of.
        async Task<long> LowestAsync()
        {
            long lowest = long.MaxValue;
            for (int i = 0; i < 15; i++)
            {
                lowest = Math.Min(lowest, await LengthAsync());
                await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
            }

            return lowest;
        }
    }

    private static async Task<(CopyBench Bench, MySqlServer Source)> BenchAsync(string name, LoadLimits limits, CancellationToken cancellationToken)
    {
        var (source, destination) = await SharedServers.PairAsync(cancellationToken);
        var bench = new CopyBench(source, destination, SharedServers.NewDatabaseName(name), incremental: true, options: new TaskOptions { LoadLimits = limits })
        {
            Tuning = new CopyTuning { ChunkBytes = 10_000 },
        };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100));", cancellationToken);
        await bench.SourceAsync(
            "INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<20000) SELECT i, REPEAT('v',50) FROM c; ANALYZE TABLE t;", cancellationToken);
        return (bench, source);
    }
}
