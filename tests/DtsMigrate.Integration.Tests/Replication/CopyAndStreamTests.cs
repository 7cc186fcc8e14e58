using System.Text;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Copy and stream side by side under writers that move keys and unique values, stopped and started again in the middle.</summary>
public sealed class CopyAndStreamTests
{
    private const int Rows = 4000;
    private const string Tables =
        "CREATE TABLE a (id INT PRIMARY KEY, u INT UNIQUE, v VARCHAR(100)); CREATE TABLE b (k VARCHAR(20) PRIMARY KEY, u INT UNIQUE, v VARCHAR(100));"
        + "CREATE TABLE c (x INT, y INT, v VARCHAR(100), PRIMARY KEY (x, y)); CREATE TABLE n (x INT, v VARCHAR(100), KEY (x));";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData(true, "OFF")]
    [InlineData(false, "OFF")]
    [InlineData(false, "ON")]
    public async Task Both_sides_are_equal_after_copy_stops_and_restarts_under_writers(bool gtid, string compression)
    {
        using var limit = new CancellationTokenSource(Limit);
        var settings = new Dictionary<string, string?> { ["binlog-transaction-compression"] = compression };
        await using var source = await MySqlServer.StartAsync(new MySqlServerOptions { Name = gtid ? "writers" : "writers-files", Gtid = gtid, Settings = settings }, limit.Token);
        await using var bench = new ReplicationBench(source, await SharedServers.DestinationAsync(limit.Token));
        await bench.PrepareCopyAsync(
            Tables,
            $"SET cte_max_recursion_depth=100000; INSERT INTO a WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM s WHERE i<{Rows}) SELECT i, i, REPEAT('a', 60) FROM s;"
            + "INSERT INTO b SELECT CONCAT('k', id), u, v FROM a; INSERT INTO c SELECT id DIV 100, id, v FROM a; INSERT INTO n SELECT id DIV 2, v FROM a;",
            limit.Token);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        Task[] writers = [.. Enumerable.Range(0, 3).Select(i => WriteAsync(bench, new Random(i), stop.Token))];
        var random = new Random(7);
        for (int i = 0; i < 6; i++)
        {
            await bench.StartAsync(limit.Token);
            await Task.WhenAny(bench.Run, Task.Delay(random.Next(50, 900), limit.Token));
            await bench.StopAsync();
        }

        await bench.StartAsync(limit.Token);
        await WaitFor.ConditionAsync(() => bench.Replicator.AllLive || bench.Run.IsFaulted, TimeSpan.FromMinutes(2), "all tables Live", limit.Token);
        await stop.CancelAsync();
        long written = 0;
        foreach (var writer in writers)
        {
            written += await (Task<long>)writer;
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.True(written > 100, $"only {written} transactions were written");
        Assert.True(bench.Metrics.ChangesApplied > 100);
    }

    private static async Task<long> WriteAsync(ReplicationBench bench, Random random, CancellationToken cancellationToken)
    {
        await using var session = await MySqlSession.ConnectAsync(
            new MySqlSessionOptions { Host = bench.Source.Host, Port = bench.Source.Port, User = bench.Source.User, Database = bench.Database }, TimeProvider.System, CancellationToken.None);
        long written = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            bool isXa = random.Next(5) == 0;
            try
            {
                if (isXa)
                {
                    await WriteXaAsync(session, random);
                }
                else
                {
                    await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes($"START TRANSACTION;{Change(random)};COMMIT"), CancellationToken.None);
                }

                written++;
            }
            catch (MySql.Errors.MySqlServerException e) when (e.Errno is 1062 or 1213 or 1205)
            {
                await RollBackAsync(session, isXa ? Xid(session) : null);
            }
        }

        return written;
    }

    // Prepared for a moment, in which others commit; sometimes rolled back after all.
    private static async Task WriteXaAsync(MySqlSession session, Random random)
    {
        string xid = Xid(session);
        await session.ExecuteBatchAsync(Encoding.UTF8.GetBytes($"XA START {xid};{Change(random)};XA END {xid};XA PREPARE {xid}"), CancellationToken.None);
        await Task.Delay(random.Next(0, 30), CancellationToken.None);
        await session.ExecuteAsync($"XA {(random.Next(4) == 0 ? "ROLLBACK" : "COMMIT")} {xid}", CancellationToken.None);
    }

    private static async Task RollBackAsync(MySqlSession session, string? xid)
    {
        if (xid is null)
        {
            await session.ExecuteAsync("ROLLBACK", CancellationToken.None);
            return;
        }

        try
        {
            await session.ExecuteAsync($"XA END {xid}", CancellationToken.None);
        }
        catch (MySql.Errors.MySqlServerException e) when (e.Errno is 1613 or 1614)
        {
            // It is rolled back for a timeout or a deadlock, which XA END says in its own way.
        }

        await session.ExecuteAsync($"XA ROLLBACK {xid}", CancellationToken.None);
    }

    private static string Xid(MySqlSession session) => $"'writer {session.ConnectionId}'";

    private static string Change(Random random)
    {
        int p = random.Next(1, Rows * 2), q = random.Next(1, Rows * 2), x = random.Next(1, Rows / 2);
        return random.Next(8) switch
        {
            0 => $"INSERT INTO a VALUES ({p},{q},'i') ON DUPLICATE KEY UPDATE v=CONCAT(LEFT(v,50),'d'); DELETE FROM b WHERE k='k{q}'",
            1 => $"UPDATE a SET id={p} WHERE id={q}; UPDATE c SET y={p} WHERE y={q}",
            2 => $"SET @u=(SELECT u FROM a WHERE id={p}); UPDATE a SET u=NULL WHERE id={p}; UPDATE a SET u=@u WHERE id={q}",
            3 => $"SET @u=(SELECT u FROM b WHERE k='k{p}'); UPDATE b SET u=NULL WHERE k='k{p}'; UPDATE b SET u=@u WHERE k='k{q}'; UPDATE b SET k='k{random.Next(Rows * 2)}' WHERE k='k{q}'",
            4 => $"DELETE FROM a WHERE id={p}; INSERT INTO c VALUES ({x},{p},'n') ON DUPLICATE KEY UPDATE v='u'; INSERT INTO n VALUES ({x},'n')",
            5 => $"DELETE FROM n WHERE x={x} LIMIT 1; UPDATE n SET v=CONCAT(LEFT(v,50),'u') WHERE x={x + 1} LIMIT 1; INSERT INTO n VALUES ({x},'n'),({x},'n')",
            6 => $"REPLACE INTO b VALUES ('k{p}',{q},'r'); UPDATE c SET v='w' WHERE x={p % 40}",
            _ => $"UPDATE a SET v=CONCAT(LEFT(v,50),'x') WHERE id BETWEEN {p} AND {p + 20}; DELETE FROM c WHERE y={q}",
        };
    }
}
