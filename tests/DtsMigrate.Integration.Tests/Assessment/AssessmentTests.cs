using System.Text.Json;
using DtsMigrate.Engine.Assessment;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Journeys;

namespace DtsMigrate.Integration.Tests.Assessment;

public sealed class AssessmentTests
{
    [Fact]
    public async Task The_assessment_tells_what_is_deprecated_and_what_is_needed_and_does_not_keep_a_task_from_starting()
    {
        using Journey journey = await Journey.CreateAsync("assess");
        string other = journey.Database + "_other";
        await journey.Source.RunSqlAsync(
            $"""
            SET sql_mode='';
            CREATE DATABASE `{other}`; CREATE TABLE `{other}`.far (a int PRIMARY KEY);
            CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`;
            CREATE TABLE t (id int PRIMARY KEY, f float(7,2), z int ZEROFILL, u varchar(10) CHARACTER SET utf8mb3, d date DEFAULT '0000-00-00');
            CREATE VIEW v AS SELECT a FROM `{other}`.far;
            CREATE PROCEDURE p() INSERT INTO nowhere SELECT * FROM t;
            """,
            CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task() with { MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full, Options = new TaskOptions { MigrationAssessment = true } });

        var (code, output, error) = await journey.RunAsync("assess", journey.TaskFile, "--json");
        Assert.True(code == 0, error);
        AssessmentReport report = JsonSerializer.Deserialize<AssessmentReport>(output, TaskJson.Options)!;
        Assert.Equal((1, 2), (report.Tables, report.Objects));
        Assert.True(report.DataBytes > 0 && report.DurationSeconds > 0 && report.SchemaSeconds > 0);
        string Found(string item) => string.Join('\n', report.Items.Where(i => i.Item == item).Select(i => i.Message));
        Assert.Contains($"{journey.Database}.t.f", Found("DeprecatedTypes"), StringComparison.Ordinal);
        Assert.Contains($"{journey.Database}.t.z", Found("DeprecatedTypes"), StringComparison.Ordinal);
        Assert.Contains("utf8mb3", Found("CharacterSets"), StringComparison.Ordinal);
        Assert.Contains($"{journey.Database}.t.d", Found("ZeroDefaults"), StringComparison.Ordinal);
        Assert.Contains($"View {journey.Database}.v needs {other}.far", Found("Dependencies"), StringComparison.Ordinal);
        Assert.Contains($"Procedure {journey.Database}.p needs {journey.Database}.nowhere", Found("Dependencies"), StringComparison.Ordinal);
        Assert.Contains("1 Procedure, 1 View", Found("Routines"), StringComparison.Ordinal);
        Assert.DoesNotContain(report.Items, i => i.Message.StartsWith("Not assessed", StringComparison.Ordinal));
        Assert.Equal(AssessmentSeverity.Incompatible.ToString(), report.Items[0].Severity);

        // The destination lacks what the view needs; that is said in time, and is no reason not to start.
        await journey.Destination.RunSqlAsync($"CREATE DATABASE `{other}`; CREATE TABLE `{other}`.far (a int PRIMARY KEY)", CancellationToken.None);
        (code, _, error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.True(code == 0, error);
        Assert.NotNull(new TaskHome(journey.Home).Folder(journey.Database).ReadAssessment());
    }
}
