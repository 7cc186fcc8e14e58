using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.Integration.Tests.Journeys;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;

namespace DtsMigrate.Integration.Tests.Throttling;

/// <summary>The throttle of a worker as people start it: changed while it runs, kept over kill -9, shown in its status.</summary>
public sealed class ThrottleJourneyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_running_worker_obeys_a_change_within_two_seconds_and_a_resumed_one_keeps_it()
    {
        using Journey journey = await Journey.CreateAsync("throttle_live");
        await FillAsync(journey, 20_000);
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Options = task.Options with { Throttle = new ThrottleLimits { FullRowsPerSecond = 10 } } });
        using (WorkerProcess first = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json"))
        {
            await StatusAsync(journey, status => Text(status, "throttleReason") is { } reason && reason.Contains("10 rows/s of full", StringComparison.Ordinal), "the limit to be felt");
            Assert.Equal((0, "Throttle: full 12 rows/s; incremental 300 rows/s.\n"), await ThrottleAsync(journey, "--full-rows-per-second", "12", "--incremental-rows-per-second", "300"));
            await StatusAsync(journey, status => status.GetProperty("fullRowsPerSecondLimit").ToString() == "12", "the changed limit in the status");
            await first.KillAsync();
        }

        using WorkerProcess second = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json", "--until", "CaughtUp");
        await StatusAsync(journey, status => Text(status, "throttleReason") is { } reason && reason.Contains("12 rows/s of full", StringComparison.Ordinal), "the kept limit to be felt");
        Assert.Equal(0, (await ThrottleAsync(journey, "--full-rows-per-second", "0")).Code);
        long start = Stopwatch.GetTimestamp();
        (int code, _, string error) = await second.WaitAsync(Limit);

        // At twelve rows a second it would take half an hour.
        Assert.True(code == 0, error);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Limit);
        Assert.Equal((0, "Throttle: incremental 300 rows/s.\n"), await ThrottleAsync(journey));
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
    }

    [Fact]
    public async Task Changes_per_second_stay_below_the_limit_and_lose_nothing()
    {
        using Journey journey = await Journey.CreateAsync("throttle_changes");
        await FillAsync(journey, 1);
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Options = task.Options with { Throttle = new ThrottleLimits { IncrementalRowsPerSecond = 500 } } });
        using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
        await StatusAsync(journey, status => Text(status, "state") == "Replicating", "the stream");

        // One transaction of many rows, then many of few.
        long start = Stopwatch.GetTimestamp();
        await FillAsync(journey, 2000, 1000);
        for (int i = 0; i < 50; i++)
        {
            await Journey.ExecuteAsync(journey.SourceRoot, string.Create(CultureInfo.InvariantCulture, $"UPDATE `{journey.Database}`.t SET v='x' WHERE id BETWEEN {1000 + (i * 20)} AND {1019 + (i * 20)}"));
        }

        bool felt = false;
        await StatusAsync(
            journey,
            status =>
            {
                felt |= Text(status, "throttleReason")?.Contains("500 rows/s of incremental", StringComparison.Ordinal) == true;
                return status.GetProperty("changesApplied").GetInt64() >= 3000;
            },
            "the changes");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        Assert.True(felt);
        Assert.InRange(3000 / seconds, 0, 500 * 1.05);
        (int code, _, _) = await journey.RunAsync("stop", journey.Database);
        Assert.Equal(0, code);
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
    }

    private static async Task FillAsync(Journey journey, int rows, int first = 0)
    {
        await Journey.ExecuteAsync(
            journey.SourceRoot,
            $"CREATE DATABASE IF NOT EXISTS `{journey.Database}`",
            $"CREATE TABLE IF NOT EXISTS `{journey.Database}`.t (id INT PRIMARY KEY, v VARCHAR(100))");
        string insert = string.Create(
            CultureInfo.InvariantCulture,
            $"INSERT INTO `{journey.Database}`.t WITH RECURSIVE c(i) AS (SELECT {first} UNION ALL SELECT i+1 FROM c WHERE i<{first + rows - 1}) SELECT /*+ SET_VAR(cte_max_recursion_depth=1000000) */ i, REPEAT('v',50) FROM c");
        await Journey.ExecuteAsync(journey.SourceRoot, insert);
    }

    private static async Task<(int Code, string Output)> ThrottleAsync(Journey journey, params string[] options)
    {
        (int code, string output, _) = await journey.RunAsync(["throttle", journey.Database, .. options]);
        return (code, output.ReplaceLineEndings("\n"));
    }

    private static string? Text(JsonElement status, string member) => status.GetProperty(member).GetString();

    private static Task StatusAsync(Journey journey, Func<JsonElement, bool> condition, string what) =>
        WaitFor.ConditionAsync(
            () =>
            {
                string file = Path.Combine(journey.Home, journey.Database, "status.json");
                return File.Exists(file) && condition(JsonDocument.Parse(File.ReadAllText(file)).RootElement);
            },
            Limit,
            what,
            CancellationToken.None);
}
