using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>DDL under a running workload, and workers that are killed while the destination carries a statement out: held up by a lock, so that the moment is certain.</summary>
public sealed class DdlKillTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Workers_killed_in_the_middle_of_ddl_under_a_workload_leave_both_sides_equal()
    {
        using Journey journey = await Journey.CreateAsync("ddl_kill");
        await journey.Source.RunSqlAsync(
            $"CREATE DATABASE {journey.Database}; USE {journey.Database}; CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1,1),(2,2),(3,3); CREATE TABLE u LIKE t; INSERT INTO u VALUES (4,4),(5,5); CREATE TABLE w LIKE t", CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task());
        Assert.Equal(0, (await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp")).Code);

        using var writing = new CancellationTokenSource();
        Task[] writers = [.. Enumerable.Range(0, 2).Select(seed => WriteAsync(journey, seed, writing.Token))];
        try
        {
            // Killed while the statement waits; the server may carry it out afterwards all the same, or the next worker ends it.
            await KillInAsync(journey, "ALTER TABLE t ADD COLUMN x INT NOT NULL DEFAULT 4, ADD INDEX (v)", releaseFirst: true);
            await KillInAsync(journey, "RENAME TABLE t TO y, u TO t, y TO u", releaseFirst: false);
            foreach (string sql in new[] { "ALTER TABLE u ADD COLUMN z INT DEFAULT 1", "TRUNCATE TABLE w", "CREATE TABLE n AS SELECT * FROM w", "ALTER TABLE u DROP COLUMN x", "CREATE INDEX i ON u (v)", "RENAME TABLE w TO q, n TO w", "DROP TABLE q" })
            {
                await SourceAsync(journey, sql);
            }
        }
        finally
        {
            await writing.CancelAsync();
            await Task.WhenAll(writers);
        }

        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, error);
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
        Assert.Equal("Done", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(DISTINCT outcome) FROM dts_migrate.ddl WHERE task='{journey.Database}'"));
    }

    private static async Task KillInAsync(Journey journey, string statement, bool releaseFirst)
    {
        string waiting = $"FROM performance_schema.processlist WHERE USER='journey' AND STATE='Waiting for table metadata lock' AND (DB='{journey.Database}' OR INFO LIKE '%{journey.Database}%')";
        await using var holder = await MySqlSession.ConnectAsync(journey.DestinationRoot, TimeProvider.System, CancellationToken.None);
        await holder.ExecuteAsync("START TRANSACTION", CancellationToken.None);
        await holder.QueryRowsAsync($"SELECT COUNT(*) FROM {journey.Database}.t", CancellationToken.None);
        using (WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile))
        {
            await SourceAsync(journey, statement);
            await WaitFor.ConditionAsync(
                async _ => worker.HasExited || await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT COUNT(*) {waiting}") != "0", Limit, "the statement to wait for its lock", CancellationToken.None);
            Assert.False(worker.HasExited, worker.ErrorSoFar);
            await worker.KillAsync();
        }

        using WorkerProcess? next = releaseFirst ? null : WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--until", "CaughtUp");
        if (next is not null)
        {
            // It ends the session that was left, and waits for the lock itself.
            string others = $"SELECT GROUP_CONCAT(ID) {waiting}";
            string? left = await Journey.ScalarAsync(journey.DestinationRoot, others);
            await WaitFor.ConditionAsync(async _ => next.HasExited || await Journey.ScalarAsync(journey.DestinationRoot, others) is { } now && now != left, Limit, "the next worker", CancellationToken.None);
        }

        await holder.ExecuteAsync("ROLLBACK", CancellationToken.None);
        if (next is not null)
        {
            (int code, _, string error) = await next.WaitAsync(Limit);
            Assert.True(code == 0, error);
        }
    }

    private static Task SourceAsync(Journey journey, string sql) => Journey.ExecuteAsync(journey.SourceRoot, $"USE {journey.Database}", sql);

    private static async Task WriteAsync(Journey journey, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        await using var session = await MySqlSession.ConnectAsync(journey.SourceRoot, TimeProvider.System, CancellationToken.None);
        await session.ExecuteAsync($"USE {journey.Database}", CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            string table = "tuw"[random.Next(3)].ToString();
            int id = random.Next(50);
            try
            {
                await session.ExecuteAsync("START TRANSACTION", CancellationToken.None);
                await session.ExecuteAsync($"INSERT INTO {table} (id, v) VALUES ({id}, {random.Next(100)}) ON DUPLICATE KEY UPDATE v=v+1", CancellationToken.None);
                await session.ExecuteAsync($"DELETE FROM {table} WHERE id={random.Next(50)}", CancellationToken.None);
                await session.ExecuteAsync("COMMIT", CancellationToken.None);
            }
            catch (MySqlServerException failure) when (failure.Errno is 1213 or 1412 or 1205 or 1062)
            {
                await session.ExecuteAsync("ROLLBACK", CancellationToken.None);
            }

            // Two milliseconds of rest: a load that a busy machine keeps up with.
            await Task.Delay(2, CancellationToken.None);
        }
    }
}
