using System.Text.Json;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Conflict mode IgnoreErrorsAndProceed over a whole migration: rows that exist are kept by the copy and overwritten by the stream; what does not fit is left alone, and alone.</summary>
public sealed class KeptTablesTests
{
    private const string Source =
        """
        CREATE TABLE fits (id int PRIMARY KEY, v varchar(20)); INSERT INTO fits VALUES (1,'source'),(2,'source'),(3,'source');
        CREATE TABLE narrow (id int PRIMARY KEY, v varchar(20)); INSERT INTO narrow VALUES (1,'one'),(2,'two');
        CREATE TABLE other (id int PRIMARY KEY, v int); INSERT INTO other VALUES (1,1);
        CREATE TABLE child (id int PRIMARY KEY, n int, f int, CONSTRAINT to_narrow FOREIGN KEY (n) REFERENCES narrow (id), CONSTRAINT to_fits FOREIGN KEY (f) REFERENCES fits (id));
        INSERT INTO child VALUES (1,1,1),(2,2,3);
        CREATE TRIGGER on_narrow BEFORE INSERT ON narrow FOR EACH ROW SET NEW.v = CONCAT(NEW.v, '!');
        CREATE VIEW seen AS SELECT fits.id, narrow.v FROM fits JOIN narrow USING (id);
        """;

    private const string Destination =
        """
        CREATE TABLE fits (id int PRIMARY KEY, v varchar(20)); INSERT INTO fits VALUES (2,'destination'),(9,'destination');
        CREATE TABLE narrow (id int PRIMARY KEY, v varchar(4)); INSERT INTO narrow VALUES (1,'mine');
        CREATE TABLE other (id int PRIMARY KEY); INSERT INTO other VALUES (7);
        """;

    [Fact]
    public async Task A_table_that_does_not_fit_is_stopped_alone_and_what_it_misses_is_counted()
    {
        using Journey journey = await Journey.CreateAsync("kept");
        await Journey.ExecuteAsync(journey.SourceRoot, "SET GLOBAL log_bin_trust_function_creators=1");
        await Journey.ExecuteAsync(journey.DestinationRoot, "SET GLOBAL log_bin_trust_function_creators=1");
        await journey.Source.RunSqlAsync($"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; {Source}", CancellationToken.None);
        await journey.Destination.RunSqlAsync($"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; {Destination}", CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task() with { ConflictMode = ConflictMode.IgnoreErrorsAndProceed });

        await RunAsync(journey);
        Assert.Equal("1source,2destination,3source,9destination", await RowsAsync(journey, "fits", "CONCAT(id, v)"));
        Assert.Equal("1-1,2-3", await RowsAsync(journey, "child", "CONCAT(id, '-', f)"));
        Assert.Equal("1mine", await RowsAsync(journey, "narrow", "CONCAT(id, v)"));
        Assert.Equal("to_fits", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT(CONSTRAINT_NAME) FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA='{journey.Database}'"));
        JsonElement stopped = Status(journey, "narrow");
        Assert.Equal("Stopped", stopped.GetProperty("state").GetString());
        Assert.Contains("column v has type varchar(20) on the source and varchar(4) on the destination", stopped.GetProperty("stopReason").GetString(), StringComparison.Ordinal);
        Assert.Contains("column v is missing", Status(journey, "other").GetProperty("stopReason").GetString(), StringComparison.Ordinal);
        Assert.Equal("Live", Status(journey, "fits").GetProperty("state").GetString());

        // Two of the three changes of narrow share a transaction with one of fits. What is done to the table itself is left out as well, and so are names that it gets.
        await journey.Source.RunSqlAsync(
            $"USE `{journey.Database}`; BEGIN; UPDATE fits SET v='later' WHERE id=2; UPDATE narrow SET v=CONCAT(v, 'er'); COMMIT; INSERT INTO narrow VALUES (3,'x'); ALTER TABLE narrow ADD COLUMN more int",
            CancellationToken.None);
        await RunAsync(journey);
        Assert.Equal(3, Status(journey, "narrow").GetProperty("changesLeftOut").GetInt64());
        Assert.Equal("1source,2later,3source,9destination", await RowsAsync(journey, "fits", "CONCAT(id, v)"));
        Assert.Equal("1mine", await RowsAsync(journey, "narrow", "CONCAT(id, v)"));
    }

    [Fact]
    public async Task A_stopped_name_stays_stopped_through_renames_drops_and_new_tables()
    {
        using Journey journey = await Journey.CreateAsync("kept_name");
        await journey.Source.RunSqlAsync($"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; CREATE TABLE a (id int PRIMARY KEY, v varchar(9)); CREATE TABLE live (id int PRIMARY KEY)", CancellationToken.None);
        await journey.Destination.RunSqlAsync($"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; CREATE TABLE a (id int PRIMARY KEY, w int NOT NULL); INSERT INTO a VALUES (5, 5)", CancellationToken.None);
        await journey.WriteTaskAsync(journey.Task() with { ConflictMode = ConflictMode.IgnoreErrorsAndProceed });
        await RunAsync(journey);

        await journey.Source.RunSqlAsync(
            $"USE `{journey.Database}`; CREATE TABLE _a_gho (id int PRIMARY KEY, v varchar(19)); INSERT INTO _a_gho VALUES (1, 'x'); RENAME TABLE a TO _a_old, _a_gho TO a; INSERT INTO a VALUES (2, 'y');"
            + "DELETE FROM _a_old; INSERT INTO _a_old VALUES (1, 'o'); DROP TABLE a; CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1), (2), (3); TRUNCATE TABLE a; INSERT INTO live VALUES (1)",
            CancellationToken.None);
        await RunAsync(journey);

        Assert.Equal("5", await RowsAsync(journey, "a", "w"));
        Assert.Equal("1", await RowsAsync(journey, "live", "id"));
        Assert.Equal(4, Status(journey, "a").GetProperty("changesLeftOut").GetInt64());
        Assert.Equal(1, Status(journey, "_a_old").GetProperty("changesLeftOut").GetInt64());
        Assert.Null(await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT MAX(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA='{journey.Database}' AND TABLE_NAME='_a_old'"));
    }

    private static async Task RunAsync(Journey journey)
    {
        (int code, string output, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, output + error);
    }

    private static Task<string?> RowsAsync(Journey journey, string table, string expression) =>
        Journey.ScalarAsync(journey.DestinationRoot, $"SELECT GROUP_CONCAT({expression} ORDER BY id) FROM `{journey.Database}`.`{table}`");

    private static JsonElement Status(Journey journey, string table)
    {
        string file = Directory.EnumerateFiles(journey.Home, "tables.json", SearchOption.AllDirectories).Single();
        return JsonDocument.Parse(File.ReadAllText(file)).RootElement.EnumerateArray().Single(t => t.GetProperty("table").GetString() == $"{journey.Database}.{table}");
    }
}
