using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing.Compare;
using DtsMigrate.Testing.Shop;
using Xunit.Abstractions;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Invariant I9 for the whole path: kill -9 at any instant, any number of times, then resume.</summary>
public sealed class KillAndResumeTests(ITestOutputHelper log)
{
    private const int Kills = 20;
    private const int Rows = 40_000;

    [Fact]
    public async Task Twenty_kills_at_random_moments_under_a_running_writer_leave_both_sides_equal()
    {
        using Journey journey = await Journey.CreateAsync("kill");
        await using (MySqlSession session = await MySqlSession.ConnectAsync(journey.SourceRoot, TimeProvider.System, CancellationToken.None))
        {
            await ShopSchema.CreateAsync(session, journey.Database, Rows, CancellationToken.None);
        }

        await journey.WriteTaskAsync(journey.Task());
        var writer = new ShopWriter(journey.SourceRoot, journey.Database, Rows, TimeSpan.FromMilliseconds(5));
        using var writing = new CancellationTokenSource();
        Task writes = writer.RunAsync(connections: 3, seed: 7, writing.Token);
        var phases = new List<string>();
        int seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        try
        {
            for (int kill = 0; kill < Kills; kill++)
            {
                using WorkerProcess worker = WorkerProcess.Start(journey.Home, journey.Environment, "run", journey.TaskFile, "--json");
                // Mostly early, where each start is; some time later, so that it gets on.
                await Task.Delay(random.Next(4) == 0 ? random.Next(1500, 4000) : random.Next(300, 1800));
                if (worker.HasExited)
                {
                    (int code, _, string error) = await worker.WaitAsync(TimeSpan.FromSeconds(10));
                    Assert.Fail($"The worker ended by itself with code {code} before kill {kill}: {error}");
                }

                await worker.KillAsync();
                phases.Add(State(journey));
            }
        }
        finally
        {
            await writing.CancelAsync();
            await writes;
        }

        log.WriteLine($"{writer.Changes} changes in {writer.Transactions} transactions; killed in {string.Join(", ", phases)}");
        for (int run = 1; run <= 2; run++)
        {
            (int code, string output, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp", "--json");
            Assert.True(code == 0, $"Run {run} ended with {code}: {error}");
            Assert.Equal("Stopped", WorkerProcess.LastStatus(output).GetProperty("state").GetString());
        }

        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
        Assert.All(phases, phase => Assert.True(phase is "Interrupted" or "Created", phase));
        await SecretTests.AssertNoSecretAsync(journey);
    }

    private static string State(Journey journey)
    {
        TaskFolder folder = new TaskHome(journey.Home).Folder(journey.Database);
        return folder.Exists ? TaskStatusReader.Read(folder).State : "Created";
    }
}
