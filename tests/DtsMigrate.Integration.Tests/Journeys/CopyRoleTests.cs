using System.Globalization;
using System.Text.RegularExpressions;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;
using DtsMigrate.Testing.Shop;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Several worker processes at one copy: whoever comes, goes or is killed, both sides are equal in the end.</summary>
public sealed class CopyRoleTests
{
    private const int ShopRows = 20_000;
    private const int BulkRows = 60_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Three_workers_of_which_two_are_killed_copy_every_chunk_once()
    {
        using Journey journey = await CreateAsync("role");
        var writer = new ShopWriter(journey.SourceRoot, journey.Database, ShopRows, TimeSpan.FromMilliseconds(10));
        using var writing = new CancellationTokenSource();
        Task writes = writer.RunAsync(connections: 2, seed: 11, writing.Token);
        try
        {
            using WorkerProcess main = Start(journey);
            await DoneAsync(journey, 2);
            using WorkerProcess steady = Join(journey);
            await CopiesAsync(steady);
            Assert.NotEqual("0", await Journey.ScalarAsync(
                journey.DestinationRoot, "SELECT COUNT(*) FROM performance_schema.variables_by_thread WHERE VARIABLE_NAME='wait_timeout' AND VARIABLE_VALUE='600'"));

            // Nobody but the joined worker is left; what it does in the meantime stands.
            await main.KillAsync();
            await DoneAsync(journey, await DoneAsync(journey, 0) + 2);
            using WorkerProcess again = Start(journey);
            using WorkerProcess late = Join(journey);
            await WaitFor.ConditionAsync(() => steady.ErrorSoFar.Contains("Joined again", StringComparison.Ordinal), Limit, "the worker to join again", CancellationToken.None);

            await CopiesAsync(late);
            await late.KillAsync();

            (int code, string output, string error) = await steady.WaitAsync(Limit);
            Assert.True(code == 0, error);
            var last = WorkerProcess.LastStatus(output);
            Assert.Equal("Completed", last.GetProperty("state").GetString());
            Assert.InRange(last.GetProperty("rowsCopied").GetInt64(), 1, BulkRows + (2 * ShopRows));
            Assert.DoesNotContain(Journey.PasswordText, output + error + late.OutputSoFar + late.ErrorSoFar, StringComparison.Ordinal);
            (code, output, error) = await journey.RunAsync("run", journey.TaskFile, "--role", "copy", "--json");
            Assert.True(code == 0, error);
            Assert.Equal(0, WorkerProcess.LastStatus(output).GetProperty("chunks").GetInt64());
            await again.TerminateAsync();
            (code, _, error) = await again.WaitAsync(Limit);
            Assert.True(code == 0, error);
        }
        finally
        {
            await writing.CancelAsync();
            await writes;
        }

        await AssertEqualAsync(journey);
        Assert.Equal("0", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT COUNT(*) FROM dts_migrate.chunk WHERE task='{journey.Database}' AND done=0"));
        Assert.Equal(
            BulkRows.ToString(CultureInfo.InvariantCulture),
            await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT rows_copied FROM dts_migrate.table_copy WHERE task='{journey.Database}' AND source_table='bulk'"));
        await SecretTests.AssertNoSecretAsync(journey);
    }

    [Fact]
    public async Task A_stopped_task_rests_on_all_machines_and_a_table_altered_under_them_is_copied_again()
    {
        using Journey journey = await CreateAsync("rolestop");
        using WorkerProcess joined = await StartBothAndStopOneAsync(journey);
        await WaitFor.ConditionAsync(() => joined.OutputSoFar.Contains("No worker runs the task", StringComparison.Ordinal), Limit, "the joined worker to rest", CancellationToken.None);

        // What it has learnt of the table is of no use any more.
        await Journey.ExecuteAsync(journey.SourceRoot, $"ALTER TABLE {journey.Database}.bulk ADD COLUMN extra INT NOT NULL DEFAULT 7 FIRST");
        using WorkerProcess again = Start(journey);
        await CopiesAsync(joined);
        await Journey.ExecuteAsync(journey.SourceRoot, $"ALTER TABLE {journey.Database}.bulk ADD COLUMN more INT NOT NULL DEFAULT 8");
        using WorkerProcess late = Join(journey);
        await CopiesAsync(late);
        await late.TerminateAsync();
        (int code, string output, string error) = await late.WaitAsync(Limit);
        Assert.True(code == 0, error);
        Assert.Equal("Stopped", WorkerProcess.LastStatus(output).GetProperty("state").GetString());

        (code, output, error) = await joined.WaitAsync(Limit);
        Assert.True(code == 0, error);
        Assert.Equal("Completed", WorkerProcess.LastStatus(output).GetProperty("state").GetString());
        await again.TerminateAsync();
        await again.WaitAsync(Limit);
        await AssertEqualAsync(journey);
        Assert.NotEqual("1", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT attempt FROM dts_migrate.table_copy WHERE task='{journey.Database}' AND source_table='bulk'"));
    }

    [Fact]
    public async Task What_cannot_be_joined_is_refused_with_the_reason()
    {
        using Journey journey = await Journey.CreateAsync("rolebad");
        await Journey.ExecuteAsync(journey.SourceRoot, $"CREATE DATABASE {journey.Database}", $"CREATE TABLE {journey.Database}.t (id INT PRIMARY KEY)");
        await journey.WriteTaskAsync(journey.Task());
        await RefusedAsync(journey, 2, "--role cannot be 'nothing'", "--role", "nothing");
        await RefusedAsync(journey, 4, "TaskNotBegun", "--role", "copy");

        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, error);
        await journey.WriteTaskAsync(journey.Task() with { MigrationTypes = MigrationTypes.Full });
        await RefusedAsync(journey, 4, "TaskDefinitionChanged", "--role", "copy");
        await journey.WriteTaskAsync(journey.Task() with { MigrationTypes = MigrationTypes.Incremental });
        await RefusedAsync(journey, 2, "RoleNotApplicable", "--role", "copy");

        await journey.WriteTaskAsync(journey.Task());
        await Journey.ExecuteAsync(journey.DestinationRoot, $"UPDATE dts_migrate.task SET phase='schema', snapshot_position='x' WHERE name='{journey.Database}'");
        await RefusedAsync(journey, 2, "SnapshotNotShared", "--role", "copy");
        await Journey.ExecuteAsync(
            journey.DestinationRoot,
            $"UPDATE dts_migrate.task SET snapshot_position=NULL WHERE name='{journey.Database}'",
            $"UPDATE dts_migrate.lease SET renewed_at=UTC_TIMESTAMP(6) - INTERVAL 6 MINUTE WHERE task='{journey.Database}'");
        (code, string output, error) = await journey.RunAsync("run", journey.TaskFile, "--role", "copy");
        Assert.True(code == 0, error);
        Assert.Contains("Left | 0 chunks", output, StringComparison.Ordinal);
        Assert.Contains("own worker is gone", output, StringComparison.Ordinal);
        await Journey.ExecuteAsync(journey.DestinationRoot, $"UPDATE dts_migrate.lease SET owner='other:1:x:another-server' WHERE task='{journey.Database}'");
        await RefusedAsync(journey, 4, "SourceDiffers", "--role", "copy");
    }

    private static async Task<Journey> CreateAsync(string prefix)
    {
        Journey journey = await Journey.CreateAsync(prefix);
        await using (MySqlSession session = await MySqlSession.ConnectAsync(journey.SourceRoot, TimeProvider.System, CancellationToken.None))
        {
            await ShopSchema.CreateAsync(session, journey.Database, ShopRows, CancellationToken.None);
            await session.ExecuteAsync("CREATE TABLE bulk (id INT NOT NULL PRIMARY KEY, filler VARCHAR(600) NOT NULL)", CancellationToken.None);
            await session.ExecuteAsync(
                $"INSERT INTO bulk SELECT n, REPEAT(SHA2(n, 256), 8) FROM {NumberTable.Between(1, BulkRows, "s")}", CancellationToken.None);
            await session.ExecuteAsync("ANALYZE TABLE bulk", CancellationToken.None);
        }

        // Each worker has this for itself: a chunk takes a second or two, and the whole is not over before everybody has had a part.
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Options = task.Options with { Throttle = new ThrottleLimits { FullRowsPerSecond = 2_000 } } });
        return journey;
    }

    private static async Task<WorkerProcess> StartBothAndStopOneAsync(Journey journey)
    {
        using WorkerProcess main = Start(journey);
        await DoneAsync(journey, 1);
        WorkerProcess joined = Join(journey);
        await CopiesAsync(joined);
        (int code, _, string error) = await journey.RunAsync("stop", journey.Database);
        Assert.True(code == 0, error);
        return joined;
    }

    private static WorkerProcess Start(Journey journey) => WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");

    // A home of its own would be as good: it has no use for one.
    private static WorkerProcess Join(Journey journey) => WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--role", "copy", "--json");

    private static async Task<int> DoneAsync(Journey journey, int least) => await WaitFor.ValueAsync(
        async _ =>
        {
            try
            {
                string? done = await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT COUNT(*) FROM dts_migrate.chunk WHERE task='{journey.Database}' AND done=1");
                return int.Parse(done!, CultureInfo.InvariantCulture);
            }
            catch (MySql.Errors.MySqlServerException e) when (e.Errno is 1049 or 1146)
            {
                return 0;
            }
        },
        done => done >= least,
        Limit,
        $"{least} chunks to be done",
        CancellationToken.None);

    private static async Task CopiesAsync(WorkerProcess joined)
    {
        int before = Chunks(joined);
        await WaitFor.ConditionAsync(() => joined.HasExited || Chunks(joined) > before, Limit, "a chunk of the joined worker", CancellationToken.None);
        Assert.False(joined.HasExited, joined.ErrorSoFar);
    }

    private static int Chunks(WorkerProcess joined) =>
        Regex.Matches(joined.OutputSoFar, "\"chunks\":([0-9]+)").Select(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).LastOrDefault();

    private static async Task RefusedAsync(Journey journey, int expected, string text, params string[] options)
    {
        (int code, _, string error) = await journey.RunAsync(["run", journey.TaskFile, .. options]);
        Assert.True(code == expected, $"code {code}: {error}");
        Assert.Contains(text, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task AssertEqualAsync(Journey journey)
    {
        await journey.WriteTaskAsync(journey.Task());
        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp", "--json");
        Assert.True(code == 0, error);
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
    }
}
