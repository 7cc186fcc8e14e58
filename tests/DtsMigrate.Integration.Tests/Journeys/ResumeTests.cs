using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing.Compare;
using DtsMigrate.Testing.Shop;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>The destination is the truth: what is in the task folder can be lost.</summary>
public sealed class ResumeTests
{
    [Fact]
    public async Task A_lost_task_folder_costs_nothing()
    {
        using Journey journey = await PrepareAsync("lost", MigrationTypes.Schema | MigrationTypes.Full | MigrationTypes.Incremental);
        await RunAsync(journey, "Stopped", "--until", "CaughtUp");
        Directory.Delete(Path.Combine(journey.Home, journey.Database), recursive: true);
        await Journey.ExecuteAsync(
            journey.SourceRoot,
            $"INSERT INTO {journey.Database}.setting VALUES ('while away', 'x', NULL)",
            $"DELETE FROM {journey.Database}.audit LIMIT 3");

        string phase = await RunAsync(journey, "Stopped", "--until", "CaughtUp");

        Assert.Equal("Replicating", phase);
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
    }

    [Fact]
    public async Task A_task_without_incremental_migration_completes_and_completes_again()
    {
        using Journey journey = await PrepareAsync("full", MigrationTypes.Schema | MigrationTypes.Full);
        await RunAsync(journey, "Completed");
        await RunAsync(journey, "Completed");
        Assert.Empty(await DatabaseComparer.CompareAsync(journey.SourceRoot, journey.Database, journey.DestinationRoot, journey.Database, CancellationToken.None));
    }

    private static async Task<Journey> PrepareAsync(string prefix, MigrationTypes types)
    {
        Journey journey = await Journey.CreateAsync(prefix);
        await using MySqlSession session = await MySqlSession.ConnectAsync(journey.SourceRoot, TimeProvider.System, CancellationToken.None);
        await ShopSchema.CreateAsync(session, journey.Database, 2_000, CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task() with { MigrationTypes = types });
        return journey;
    }

    private static async Task<string> RunAsync(Journey journey, string state, params string[] more)
    {
        (int code, string output, string error) = await journey.RunAsync(["run", journey.TaskFile, "--json", .. more]);
        Assert.True(code == 0, error);
        Assert.Equal(state, WorkerProcess.LastStatus(output).GetProperty("state").GetString());
        return WorkerProcess.LastStatus(output).GetProperty("phase").GetString()!;
    }
}
