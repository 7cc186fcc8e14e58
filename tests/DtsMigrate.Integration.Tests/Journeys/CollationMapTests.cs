using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Collations that become others, over a whole migration.</summary>
public sealed class CollationMapTests
{
    private const string Source =
        """
        CREATE TABLE words (k varchar(20) COLLATE utf8mb4_0900_as_cs PRIMARY KEY, u varchar(20) CHARACTER SET latin1 UNIQUE, plain text COLLATE utf8mb4_bin,
          g varchar(20) AS (lower(plain) COLLATE utf8mb4_0900_as_cs), CONSTRAINT c CHECK ((plain COLLATE utf8mb4_0900_as_cs) <> 'x')) COLLATE utf8mb4_0900_as_cs;
        CREATE TABLE notes (id int PRIMARY KEY, n varchar(9), KEY n (n)) COLLATE utf8mb4_0900_as_cs;
        INSERT INTO words (k, u, plain) VALUES ('a','a','P'),('b','b','Q'); INSERT INTO notes VALUES (1,'n'),(2,'N');
        CREATE VIEW v AS SELECT id, n COLLATE utf8mb4_0900_as_cs AS n FROM notes;
        CREATE PROCEDURE p(x varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs) SELECT x;
        """;

    [Fact]
    public async Task Tables_objects_and_ddl_get_the_other_collation_and_keys_that_become_one_stop_the_task()
    {
        using Journey journey = await Journey.CreateAsync("collated");
        await Journey.ExecuteAsync(journey.SourceRoot, $"CREATE DATABASE `{journey.Database}` COLLATE utf8mb4_0900_as_cs");
        await journey.Source.RunSqlAsync($"USE `{journey.Database}`; {Source}", CancellationToken.None);
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Options = task.Options with { CollationMap = new CollationMap([KeyValuePair.Create("utf8mb4_0900_as_cs", "utf8mb4_unicode_ci")]) } });
        Assert.Equal((0, string.Empty), await RunAsync(journey));
        await journey.Source.RunSqlAsync(
            $"USE `{journey.Database}`; INSERT INTO words (k, u, plain) VALUES ('c','c','R'); UPDATE words SET k='bb', plain='q' WHERE k='b'; DELETE FROM words WHERE k='a'; INSERT INTO words (k, u, plain) VALUES ('A','A','S');"
            + "ALTER TABLE notes ADD COLUMN m varchar(9) COLLATE utf8mb4_0900_as_cs DEFAULT 'm'; CREATE TABLE late (k varchar(9) COLLATE utf8mb4_0900_as_cs PRIMARY KEY); INSERT INTO late VALUES ('x'); UPDATE notes SET m='M' WHERE id=1",
            CancellationToken.None);
        Assert.Equal((0, string.Empty), await RunAsync(journey));

        Assert.Equal("AS,bbq,cR", await Scalar(journey, $"SELECT GROUP_CONCAT(k, plain ORDER BY k) FROM `{journey.Database}`.words"));
        Assert.Equal("1nM,2Nm", await Scalar(journey, $"SELECT GROUP_CONCAT(id, n, m ORDER BY id) FROM `{journey.Database}`.notes"));
        Assert.Equal("utf8mb4_unicode_ci", await Scalar(journey, $"SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME='{journey.Database}'"));
        Assert.Equal(
            "late.k utf8mb4_unicode_ci,notes.m utf8mb4_unicode_ci,notes.n utf8mb4_unicode_ci,v.n utf8mb4_unicode_ci,words.g utf8mb4_unicode_ci,words.k utf8mb4_unicode_ci,words.plain utf8mb4_bin,words.u latin1_swedish_ci",
            await Scalar(journey, $"SELECT GROUP_CONCAT(TABLE_NAME, '.', COLUMN_NAME, ' ', COLLATION_NAME ORDER BY TABLE_NAME, COLUMN_NAME) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA='{journey.Database}' AND COLLATION_NAME IS NOT NULL"));
        Assert.Equal("utf8mb4_unicode_ci", await Scalar(journey, $"SELECT COLLATION_NAME FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA='{journey.Database}'"));
        Assert.Equal("0", await Scalar(journey, $"SELECT COUNT(*) FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA='{journey.Database}' AND CHECK_CLAUSE LIKE '%0900%'"));

        // Two keys on the source, one on the destination: nothing is overwritten.
        await journey.Source.RunSqlAsync($"USE `{journey.Database}`; INSERT INTO late VALUES ('X'); UPDATE late SET k='y' WHERE k='x'", CancellationToken.None);
        var (code, error) = await RunAsync(journey);
        Assert.Equal(4, code);
        Assert.Contains($"{journey.Database}.late", error, StringComparison.Ordinal);
        Assert.Equal("x", await Scalar(journey, $"SELECT GROUP_CONCAT(k) FROM `{journey.Database}`.late"));
    }

    [Fact]
    public async Task Rows_that_become_one_are_found_before_the_start_and_by_the_copy()
    {
        using Journey journey = await Journey.CreateAsync("joined");
        await journey.Source.RunSqlAsync(
            $"CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`; CREATE TABLE t (id int PRIMARY KEY, k varchar(9) COLLATE utf8mb4_bin UNIQUE); INSERT INTO t VALUES (1,'same'),(2,'SAME'),(3,NULL),(4,NULL)",
            CancellationToken.None);
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Options = task.Options with { CollationMap = new CollationMap([KeyValuePair.Create("utf8mb4_bin", "utf8mb4_unicode_ci")]) } });
        var (code, error) = await RunAsync(journey);
        Assert.Equal(3, code);
        Assert.Contains($"Values of unique key k of {journey.Database}.t become one under the mapped collation: SAME, same", error, StringComparison.Ordinal);

        // A prefix cannot be looked for: the copy finds it.
        await journey.Source.RunSqlAsync($"USE `{journey.Database}`; ALTER TABLE t DROP KEY k, ADD UNIQUE KEY k (k(3))", CancellationToken.None);
        (code, error) = await RunAsync(journey);
        Assert.Equal(4, code);
        Assert.Contains("Duplicate entry", error, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<string?> Scalar(Journey journey, string query) => Journey.ScalarAsync(journey.DestinationRoot, query);

    private static async Task<(int Code, string Error)> RunAsync(Journey journey)
    {
        (int code, string output, string error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        return (code, code == 0 ? string.Empty : output + error);
    }
}
