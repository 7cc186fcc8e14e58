using System.Globalization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>The destination is a three-node cluster whose primary dies, once while rows are copied and once while changes are applied.</summary>
public sealed class GroupReplicationTests
{
    private const int Rows = 60_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_primary_that_dies_is_replaced_by_the_next_one_and_nothing_is_lost()
    {
        using var limit = new CancellationTokenSource(Limit + Limit);
        await using GroupReplicationCluster? cluster = await GroupReplicationCluster.StartAsync(3, limit.Token);
        if (cluster is null)
        {
            return; // this server's package has no group replication
        }

        using Journey journey = await Journey.CreateAsync("group");
        MySqlServer primary = await cluster.PrimaryAsync(limit.Token);
        await primary.RunSqlAsync("CREATE USER torture IDENTIFIED BY ''; GRANT ALL ON *.* TO torture;", limit.Token);
        await Journey.ExecuteAsync(
            journey.SourceRoot,
            $"CREATE DATABASE {journey.Database}",
            $"CREATE TABLE {journey.Database}.t (id INT PRIMARY KEY, u INT UNIQUE, v VARCHAR(200))",
            $"CREATE TABLE {journey.Database}.o (id INT AUTO_INCREMENT PRIMARY KEY, t INT, v INT)",
            $"INSERT INTO {journey.Database}.t WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<1000) SELECT a.i*1000+b.i, a.i*1000+b.i, REPEAT('x',150) FROM s a JOIN s b WHERE a.i<={Rows / 1000}");

        // The first address is no primary: the writable one has to be found from the start.
        MySqlServer[] others = [.. cluster.Members.Where(m => m != primary)];
        var task = journey.Task();
        await journey.WriteTaskAsync(task with
        {
            Destination = new ConnectionDefinition
            {
                Host = others[0].Host,
                Port = others[0].Port,
                OtherHosts = string.Join(',', new[] { primary, others[1] }.Select(static m => string.Create(CultureInfo.InvariantCulture, $"{m.Host}:{m.Port}"))),
                User = "torture",
                Password = new PasswordReference { Empty = true },
            },
        });

        using var writing = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        Task writes = WriteAsync(journey, writing.Token);
        using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
        await WaitFor.ConditionAsync(() => worker.HasExited || Number(worker, "rowsCopied") > Rows / 10, Limit, "some rows", limit.Token);
        Assert.False(worker.HasExited, worker.ErrorSoFar);
        await primary.KillAsync(limit.Token);
        await WaitFor.ConditionAsync(() => worker.HasExited || Text(worker, "state") == "Replicating", Limit, "the copy's end on the next primary", limit.Token);
        Assert.False(worker.HasExited, worker.ErrorSoFar);

        // The dead one joins again, so that a majority is left when the second one dies.
        await primary.StartAgainAsync(limit.Token);
        await cluster.RejoinAsync(primary, limit.Token);
        long changes = Number(worker, "changesApplied");
        MySqlServer second = await cluster.PrimaryAsync(limit.Token);
        Assert.NotSame(primary, second);
        await second.KillAsync(limit.Token);
        await WaitFor.ConditionAsync(() => worker.HasExited || Number(worker, "changesApplied") > changes + 200, Limit, "changes on the third primary", limit.Token);
        Assert.False(worker.HasExited, worker.ErrorSoFar);
        await writing.CancelAsync();
        await writes;
        await worker.TerminateAsync();
        (int code, _, string error) = await worker.WaitAsync(Limit);
        Assert.True(code == 0, error);
        (code, _, error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, error);

        MySqlServer last = await cluster.PrimaryAsync(limit.Token);
        Assert.NotSame(second, last);
        var root = new MySqlSessionOptions { Host = last.Host, Port = last.Port, User = last.User };
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, root, journey.Database, limit.Token));
        Assert.Contains("is another server now", await File.ReadAllTextAsync(Path.Combine(journey.Home, journey.Database, "events.jsonl"), limit.Token), StringComparison.Ordinal);
    }

    private static async Task WriteAsync(Journey journey, CancellationToken cancellationToken)
    {
        var random = new Random(5);
        await using MySqlSession session = await MySqlSession.ConnectAsync(journey.SourceRoot with { Database = journey.Database }, TimeProvider.System, cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            int id = random.Next(1000, Rows);
            await session.ExecuteAsync($"UPDATE t SET v=CONCAT('changed',{random.Next()}) WHERE id BETWEEN {id} AND {id + 5}", CancellationToken.None);
            await session.ExecuteAsync($"INSERT INTO o (t,v) VALUES ({id},{random.Next()})", CancellationToken.None);
            await session.ExecuteAsync($"DELETE FROM t WHERE id={id}", CancellationToken.None);
            await Task.Delay(5, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long Number(WorkerProcess worker, string member) => Lines(worker) is { Length: > 0 } lines ? WorkerProcess.LastStatus(lines).GetProperty(member).GetInt64() : 0;

    private static string? Text(WorkerProcess worker, string member) => Lines(worker) is { Length: > 0 } lines ? WorkerProcess.LastStatus(lines).GetProperty(member).GetString() : null;

    // Whole lines only: the last one may be on its way.
    private static string Lines(WorkerProcess worker)
    {
        string output = worker.OutputSoFar;
        return output[..(output.LastIndexOf('\n') + 1)];
    }
}
