using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Precheck;
using DtsMigrate.Integration.Tests.Schema;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Accounts as managed services give them: rights on databases and nothing on the server as a whole.</summary>
public sealed class RestrictedAccountTests
{
    [Fact]
    public async Task The_grants_that_the_precheck_names_are_enough_for_the_whole_journey()
    {
        using Journey journey = await Journey.CreateAsync("restricted");
        string user = journey.Database + "_u";
        await PrepareAsync(journey, user);
        await journey.Source.RunSqlAsync(
            $"""
            CREATE DATABASE `{journey.Database}`; USE `{journey.Database}`;
            {StoredObjectTests.Everything}
            ALTER EVENT ev_on ON SCHEDULE EVERY 1 DAY STARTS '2040-01-01 00:00:00';
            CREATE TABLE parent (id int PRIMARY KEY, n varchar(20), KEY (n)); CREATE TABLE child (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES parent (id)); CREATE TABLE nokey (a int, b blob);
            INSERT INTO parent VALUES (1, 'a'), (2, 'b'); INSERT INTO child VALUES (1, 1), (2, NULL); INSERT INTO nokey VALUES (1, 'x'), (1, 'x');
            """,
            CancellationToken.None);
        MigrationTask task = journey.Task() with { Options = new TaskOptions { TriggerMethod = TriggerMethod.Automatic, LateIndexes = LateIndexes.Always, MigrateEvents = true } };
        task = task with { Source = task.Source with { User = user }, Destination = task.Destination with { User = user } };
        await journey.WriteTaskAsync(task);
        await journey.Source.RunSqlAsync($"GRANT SELECT ON `{journey.Database}`.* TO `{user}`", CancellationToken.None);
        await GrantAsync(journey, task, "SourcePrivileges", "ObjectTypes", "DestinationPrivileges");

        // A view that only this account cannot use is no broken one.
        var view = (await Check(task).RunAsync()).Warning("InvalidViews");
        Assert.Equal($"{journey.Database}.a_top", view.Target);
        Assert.StartsWith("GRANT EXECUTE ON ", view.FixSql, StringComparison.Ordinal);

        var (code, output, error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, output + error);
        await journey.Source.RunSqlAsync(
            $"""
            USE `{journey.Database}`;
            INSERT INTO t VALUES (3, 'c', 0), (4, 'd', 0); UPDATE t SET n = 'changed' WHERE id < 4; DELETE FROM nokey LIMIT 1; DELETE FROM child WHERE id = 1; DELETE FROM parent WHERE id = 1;
            ALTER TABLE parent ADD COLUMN more json, ADD UNIQUE KEY u (n, id); CREATE TABLE made (id int PRIMARY KEY) SELECT 7 AS id; RENAME TABLE made TO renamed; TRUNCATE TABLE child;
            CREATE TABLE dropped (a int); DROP TABLE dropped; CREATE INDEX late ON t (n); CREATE VIEW newer AS SELECT * FROM parent; ALTER VIEW newer AS SELECT id FROM parent; DROP VIEW checked;
            CREATE PROCEDURE newer_p() SELECT 1; DROP PROCEDURE p; CREATE TRIGGER newer_t BEFORE INSERT ON parent FOR EACH ROW SET NEW.more = '1'; INSERT INTO parent VALUES (9, 'z', NULL);
            CREATE EVENT newer_e ON SCHEDULE AT '2040-01-01' DO SELECT 1; CREATE USER IF NOT EXISTS `{user}_other`;
            """,
            CancellationToken.None);
        (code, output, error) = await journey.RunAsync("run", journey.TaskFile, "--until", "CaughtUp");
        Assert.True(code == 0, output + error);
        (code, output, error) = await journey.RunAsync("activate", journey.TaskFile);
        Assert.True(code == 0, output + error);

        Assert.Equal(await ObjectDump.ReadAsync(journey.Source, journey.Database, definers: false), await ObjectDump.ReadAsync(journey.Destination, journey.Database, definers: false));
        foreach (string table in (string[])["t", "log", "parent", "child", "nokey", "renamed"])
        {
            string sql = $"SELECT * FROM `{journey.Database}`.{table} ORDER BY 1; SHOW CREATE TABLE `{journey.Database}`.{table}";
            Assert.Equal(await journey.Source.RunSqlAsync(sql, CancellationToken.None), await journey.Destination.RunSqlAsync(sql, CancellationToken.None));
        }

        Assert.DoesNotContain("*.*", (await journey.Destination.RunSqlAsync($"SHOW GRANTS FOR `{user}`", CancellationToken.None)).Replace("GRANT USAGE ON *.*", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_more_rights_is_named_with_its_grant_and_the_grants_do()
    {
        using Journey journey = await Journey.CreateAsync("restricted_more");
        string db = journey.Database;
        string user = db + "_u";
        await PrepareAsync(journey, user);
        await journey.Source.RunSqlAsync(
            $"""
            CREATE DATABASE `{db}`; USE `{db}`; CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1);
            CREATE USER {db}_definer; CREATE DEFINER=root@localhost VIEW v AS SELECT * FROM t; CREATE DEFINER={db}_definer PROCEDURE p() SELECT 1;
            CREATE ROLE {db}_role; CREATE USER {db}_app IDENTIFIED BY 'x'; GRANT SELECT, INSERT ON `{db}`.* TO {db}_app; GRANT PROCESS ON *.* TO {db}_app; GRANT {db}_role TO {db}_app; GRANT PROXY ON {db}_definer TO {db}_app;
            GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `{db}`.* TO `{user}`; GRANT SHOW_ROUTINE ON *.* TO `{user}`;
            """,
            CancellationToken.None);
        await journey.Destination.RunSqlAsync($"CREATE USER {db}_definer", CancellationToken.None);
        MigrationTask task = journey.Task() with
        {
            MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full,
            Accounts = [$"{db}_app", $"{db}_role"],
            Options = new TaskOptions { DefinerMode = DefinerMode.Keep, DestinationBinlog = false, DestinationTuning = DestinationTuning.RelaxedFlush },
        };
        task = task with { Source = task.Source with { User = user }, Destination = task.Destination with { User = user } };
        await journey.WriteTaskAsync(task);
        var check = Check(task);

        var report = await check.RunAsync();
        report.FailsOnly("Accounts", "DefinerAccounts", "DestinationPrivileges", "DestinationTuning", "SessionSettings", "SourcePrivileges");
        Assert.StartsWith("GRANT LOCK TABLES ON", report.Failed("SourcePrivileges").FixSql, StringComparison.Ordinal);
        string sql = report.Failed("SessionSettings").FixSql!;
        Assert.Equal($"GRANT SESSION_VARIABLES_ADMIN ON *.* TO '{user}'@'%';", sql);
        Assert.Contains("sql_log_bin=0", report.Failed("SessionSettings").Message, StringComparison.Ordinal);
        Assert.Contains("SYSTEM_VARIABLES_ADMIN", report.Failed("DestinationTuning").FixSql!, StringComparison.Ordinal);
        Assert.Contains(report.Results, r => r.Check == "DefinerAccounts" && r.FixSql == OldSql.For(journey.Destination.Binaries.Version, $"GRANT SET_ANY_DEFINER ON *.* TO '{user}'@'%';"));
        Assert.Contains(report.Results, r => r.Check == "DefinerAccounts" && r.FixSql == $"GRANT SYSTEM_USER ON *.* TO '{user}'@'%';" && r.Message.StartsWith("'root'@'localhost' has SYSTEM_USER", StringComparison.Ordinal));
        Assert.All(report.Results.Where(r => r.Check == "Accounts"), r => Assert.Equal($"GRANT SELECT ON mysql.* TO `{user}`@`%`;", r.FixSql));
        await GrantAsync(journey, task, "SourcePrivileges", "DestinationPrivileges", "DestinationTuning", "SessionSettings", "DefinerAccounts", "Accounts");

        // What the account may give with these grants is all of it.
        (await check.RunAsync()).Passed("Accounts");
        var (code, output, error) = await journey.RunAsync("run", journey.TaskFile);
        Assert.True(code == 0, output + error);
        Assert.Equal(await ObjectDump.ReadAsync(journey.Source, db), await ObjectDump.ReadAsync(journey.Destination, db));
        string show = $"SET print_identified_with_as_hex=ON; SHOW CREATE USER {db}_app; SHOW GRANTS FOR {db}_app; SHOW CREATE USER {db}_role";
        Assert.Equal((await journey.Source.RunSqlAsync(show, CancellationToken.None)).Replace("\\\\_", "_", StringComparison.Ordinal), (await journey.Destination.RunSqlAsync(show, CancellationToken.None)).Replace("\\\\_", "_", StringComparison.Ordinal));
    }

    private static async Task PrepareAsync(Journey journey, string user)
    {
        foreach (MySqlServer server in new[] { journey.Source, journey.Destination })
        {
            await server.RunSqlAsync("SET GLOBAL log_bin_trust_function_creators=ON", CancellationToken.None);
            await server.RunSqlAsync($"CREATE USER `{user}` IDENTIFIED BY '{Journey.PasswordText.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'", CancellationToken.None);
        }
    }

    // An account sees only what it may read, so a further round may ask for more.
    private static async Task GrantAsync(Journey journey, MigrationTask task, params string[] checks)
    {
        string[] onSource = ["SourcePrivileges", "ObjectTypes"];
        for (int round = 0; round < 4; round++)
        {
            var results = (await Check(task).RunAsync()).Results.Where(r => r.FixSql is not null && checks.Contains(r.Check) && (r.Outcome == "Failed" || r.Check is "Accounts" or "DefinerAccounts" or "ObjectTypes")).ToList();
            foreach (var result in results)
            {
                bool source = onSource.Contains(result.Check) || (result.Check == "Accounts" && result.Recommendation!.Contains("on the source", StringComparison.Ordinal));
                await (source ? journey.Source : journey.Destination).RunSqlAsync(result.FixSql!, CancellationToken.None);
            }

            if (results.Count == 0)
            {
                break;
            }
        }

        (await Check(task).RunAsync()).FailsOnly();
    }

    private static PrecheckTask Check(MigrationTask task) => new()
    {
        Source = task.Source,
        Destination = task.Destination,
        SourcePassword = Journey.PasswordText,
        DestinationPassword = Journey.PasswordText,
        Objects = task.Objects,
        Options = task.Options,
        Types = task.MigrationTypes,
        Accounts = task.Accounts,
    };
}
