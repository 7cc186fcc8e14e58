using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>The precheck of a task folder: ignored items, and running again what failed.</summary>
public sealed class PrecheckCommandTests
{
    [Fact]
    public async Task An_item_is_ignored_for_a_reason_until_it_finds_something_else()
    {
        using Journey journey = await Journey.CreateAsync("ignore");
        await journey.Source.RunSqlAsync($"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; CREATE TABLE t (id int PRIMARY KEY); CREATE PROCEDURE p() SELECT 1", CancellationToken.None);
        await journey.Destination.RunSqlAsync($"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; CREATE PROCEDURE p() SQL SECURITY INVOKER SELECT 1", CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task() with { MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full });
        var (code, output, error) = await journey.RunAsync("precheck", journey.TaskFile);
        Assert.Equal(3, code);
        Assert.Contains($"Failed   SameNameObjects (Procedure {journey.Database}.p)", output, StringComparison.Ordinal);
        Assert.Contains("1 failed, 0 ignored", output, StringComparison.Ordinal);
        Assert.Equal(3, (await journey.RunAsync("run", journey.TaskFile)).Code);

        // What passed is not run again, unless all is: this table would be in the way.
        await journey.Destination.RunSqlAsync($"CREATE TABLE `{journey.Database}`.t (id int)", CancellationToken.None);
        (code, output, error) = await journey.RunAsync("precheck", journey.TaskFile, "--again", "--ignore", "SameNameObjects", "--reason", "it is ours");
        Assert.True(code == 0, error);
        Assert.Contains("it is ours", output, StringComparison.Ordinal);
        Assert.Contains("100 %", output, StringComparison.Ordinal);
        Assert.Contains("Passed   SourcePrivileges", output, StringComparison.Ordinal);
        Assert.Contains("Passed   SameNameTables", output, StringComparison.Ordinal);
        (code, output, _) = await journey.RunAsync("precheck", journey.TaskFile);
        Assert.Equal(3, code);
        Assert.Contains("Failed   SameNameTables", output, StringComparison.Ordinal);
        Assert.Contains("Ignored  SameNameObjects", output, StringComparison.Ordinal);
        await journey.Destination.RunSqlAsync($"DROP TABLE `{journey.Database}`.t", CancellationToken.None);

        // Another object in the way is another finding.
        await journey.Source.RunSqlAsync($"CREATE PROCEDURE `{journey.Database}`.q() SELECT 1", CancellationToken.None);
        await journey.Destination.RunSqlAsync($"CREATE PROCEDURE `{journey.Database}`.q() SELECT 2", CancellationToken.None);
        (code, _, error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.Equal(3, code);
        Assert.Contains("2 objects exist on the destination", error, StringComparison.Ordinal);
        await journey.Destination.RunSqlAsync($"DROP PROCEDURE `{journey.Database}`.q", CancellationToken.None);
        (code, _, error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.True(code == 0, error);
    }
}
