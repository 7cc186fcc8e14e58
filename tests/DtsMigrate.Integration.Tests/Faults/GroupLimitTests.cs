using DtsMigrate.Engine.Replication;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.Integration.Tests.Precheck;
using DtsMigrate.Integration.Tests.Replication;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>The destination is a group that takes transactions up to a size only.</summary>
public sealed class GroupLimitTests
{
    private const int Rows = 300;
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY, v INT, b LONGBLOB);";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Changes_stay_below_what_the_group_takes_and_one_that_cannot_waits_until_the_limit_is_raised()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var cluster = await GroupReplicationCluster.StartAsync(1, limit.Token);
        if (cluster is null)
        {
            return; // this server's package has no group replication
        }

        var group = cluster.Members[0];
        await group.RunSqlAsync("SET GLOBAL group_replication_transaction_size_limit=3000000", limit.Token);
        var source = await SharedServers.SourceAsync(limit.Token);
        foreach (bool merges in new[] { true, false })
        {
            await using var bench = new ReplicationBench(source, group) { Tuning = new ApplyTuning { AlwaysMerge = merges } };
            await bench.PrepareAsync(Table, null, limit.Token);
            string each = string.Concat(Enumerable.Range(1, Rows).Select(i => $"INSERT INTO t VALUES ({i},0,REPEAT('x',50000));"));
            await bench.SourceAsync(each + string.Concat(Enumerable.Range(1, Rows).Select(i => $"UPDATE t SET v=v+1 WHERE id={i};")), limit.Token);
            await bench.StartAsync(limit.Token);
            await bench.DrainAsync(limit.Token);
            await bench.StopAsync();

            // A DELETE names a key and nothing else, and is a whole row in the log.
            await bench.SourceAsync(string.Concat(Enumerable.Range(1, Rows - 100).Select(i => $"DELETE FROM t WHERE id={i};")), limit.Token);
            await bench.StartAsync(limit.Token);
            await bench.DrainAsync(limit.Token);
            await bench.AssertEqualAsync(limit.Token);
            Assert.DoesNotContain(bench.Log.Entries, e => e.Level != Engine.Progress.LogLevel.Info);

            await bench.SourceAsync("INSERT INTO t VALUES (1,0,'before'); DELETE FROM t WHERE id>100", limit.Token);
            await WaitFor.ConditionAsync(
                () => bench.Log.Entries.Any(e => e.Message.Contains("group_replication_transaction_size_limit is 3,000,000", StringComparison.Ordinal)), Limit, "the refusal and its reason", limit.Token);
            Assert.False(bench.Run.IsCompleted);
            await WaitFor.ConditionAsync(async token => await bench.DestinationValueAsync("SELECT COUNT(*) FROM t WHERE id=1", token) == "1", Limit, "what was before it", limit.Token);
            await group.RunSqlAsync("SET GLOBAL group_replication_transaction_size_limit=0", limit.Token);
            await bench.DrainAsync(limit.Token);
            await bench.AssertEqualAsync(limit.Token);
            await bench.StopAsync();
            await group.RunSqlAsync("SET GLOBAL group_replication_transaction_size_limit=3000000", limit.Token);
        }

        await CopyAsync(source, group);
        await RequirePrecheckAsync(source, group, limit.Token);
    }

    private static async Task CopyAsync(MySqlServer source, MySqlServer group)
    {
        using var journey = await Journey.CreateAsync(source, group, "grouped");
        await Journey.ExecuteAsync(
            journey.SourceRoot,
            $"CREATE DATABASE {journey.Database}",
            $"CREATE TABLE {journey.Database}.t (id INT PRIMARY KEY, b LONGBLOB)",
            $"INSERT INTO {journey.Database}.t WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<{Rows}) SELECT i,REPEAT('y',50000) FROM s");
        await journey.WriteTaskAsync(journey.Task() with { Options = new TaskOptions { ChunkBytes = 16 << 20 } });
        var (code, _, error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, error);
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
    }

    private static async Task RequirePrecheckAsync(MySqlServer source, MySqlServer group, CancellationToken cancellationToken)
    {
        string database = SharedServers.NewDatabaseName("grouped");
        await source.RunSqlAsync($"CREATE DATABASE {database}; USE {database}; CREATE TABLE good (a INT NOT NULL UNIQUE); CREATE TABLE nokey (a INT UNIQUE); CREATE TABLE isam (a INT PRIMARY KEY) ENGINE=MyISAM", cancellationToken);
        var report = await PrecheckTask.Between(source, group, database).RunAsync();
        var items = report.Results.Where(r => r.Check == "GroupReplication").ToList();
        Assert.Equal(["Failed", "Failed", "Warning"], items.Select(r => r.Outcome));
        Assert.Equal([$"{database}.nokey", $"{database}.isam", "destination"], items.Select(r => r.Target));
        await source.RunSqlAsync($"DROP DATABASE {database}", cancellationToken);
    }
}
