using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Precheck;

public sealed class PrecheckObjectsTests
{
    private static readonly MigrationTypes FullOnly = MigrationTypes.Full;

    [Fact]
    public async Task Same_server_and_unknown_objects_fail_with_their_names()
    {
        var (source, _, database) = await StartAsync("same", "CREATE TABLE t (a int PRIMARY KEY)");
        var report = await (PrecheckTask.Between(source, source, database) with { Objects = [new DatabaseSelection(database, "x", false, [new TableSelection("nowhere", "n")])] }).RunAsync();
        Assert.Contains("the same server", report.Failed("SameServer").Message, StringComparison.Ordinal);
        Assert.Contains($"{database}.nowhere", report.Failed("ObjectsExist").Message, StringComparison.Ordinal);
        report.Skipped("SameNameTables");
        report.FailsOnly("SameServer", "ObjectsExist");
    }

    [Fact]
    public async Task Same_name_tables_fail_or_warn_by_conflict_mode_and_not_on_resume()
    {
        var (source, destination, database) = await StartAsync("conflict", "CREATE TABLE t (a int PRIMARY KEY, b varchar(5)); CREATE TABLE k (a int)");
        await destination.RunSqlAsync($"CREATE DATABASE `{database}`; USE `{database}`; CREATE TABLE t (a int PRIMARY KEY, b varchar(5)); CREATE TABLE k (a int)", CancellationToken.None);
        var task = PrecheckTask.Between(source, destination, database);
        Assert.Contains($"{database}.t", (await task.RunAsync()).Failed("SameNameTables").Message, StringComparison.Ordinal);
        (await (task with { IsResume = true }).RunAsync()).FailsOnly();
        var keeping = task with { Mode = ConflictMode.IgnoreErrorsAndProceed };
        var report = await keeping.RunAsync();
        report.Warning("SameNameTables");
        report.Warning("TablesWithoutKey");
        report.Passed("DestinationTablesExist");
        report.FailsOnly();

        // A trigger, a narrower column and rows without identity, each of which would spoil data.
        await destination.RunSqlAsync($"USE `{database}`; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 'x'; ALTER TABLE t MODIFY b varchar(4); INSERT INTO k VALUES (1)", CancellationToken.None);
        report = await keeping.RunAsync();
        Assert.Contains("column b has type varchar(5) on the source and varchar(4) on the destination", report.Warning("DestinationTablesExist").Message, StringComparison.Ordinal);
        Assert.Equal($"DROP TRIGGER `{database}`.`tr`;", report.Failed("DestinationTriggers").FixSql);
        report.FailsOnly("DestinationTriggers", "TablesWithoutKey");

        // Without schema migration the tables must be there.
        await destination.RunSqlAsync($"DROP DATABASE `{database}`", CancellationToken.None);
        report = await (task with { Types = FullOnly }).RunAsync();
        report.Skipped("SameNameTables");
        report.Skipped("BinlogFormat");
        report.FailsOnly("DestinationTablesExist");
        Assert.Equal(2, report.Results.Count(r => r.Check == "DestinationTablesExist"));
    }

    [Fact]
    public async Task Engines_that_cannot_be_migrated_fail_and_untransactional_ones_by_type()
    {
        var (source, destination, database) = await StartAsync(
            "engine", "CREATE TABLE i (a int PRIMARY KEY); CREATE TABLE m (a int PRIMARY KEY) ENGINE=MyISAM; CREATE TABLE b (a int) ENGINE=BLACKHOLE; CREATE TABLE mg (a int PRIMARY KEY) ENGINE=MERGE UNION=(m)");
        var report = await PrecheckTask.Between(source, destination, database).RunAsync();
        var items = report.Results.Where(r => r.Check == "StorageEngine").ToList();
        Assert.Equal(3, items.Count);
        Assert.All(items, i => Assert.Equal("Failed", i.Outcome));
        var task = PrecheckTask.Between(source, destination, database) with { Types = MigrationTypes.Schema | MigrationTypes.Full, Objects = [new DatabaseSelection(database, database, false, [new TableSelection("m", "m")])] };
        Assert.Contains("MyISAM", (await task.RunAsync()).Warning("StorageEngine").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_key_parents_must_be_selected_or_there()
    {
        var (source, destination, database) = await StartAsync("parent", "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (a int PRIMARY KEY, FOREIGN KEY (a) REFERENCES p (a) ON DELETE CASCADE)");
        var task = PrecheckTask.Between(source, destination, database) with { Objects = [new DatabaseSelection(database, database, false, [new TableSelection("c", "c")])] };
        var report = await task.RunAsync();
        Assert.Contains($"{database}.p", report.Failed("ForeignKeyParent").Message, StringComparison.Ordinal);
        await destination.RunSqlAsync($"CREATE DATABASE `{database}`; CREATE TABLE `{database}`.p (a int PRIMARY KEY)", CancellationToken.None);
        (await task.RunAsync()).Warning("ForeignKeyParent");
        (await (task with { Objects = [new DatabaseSelection(database, "parent_elsewhere", true, [])] }).RunAsync()).Passed("ForeignKeyParent");
    }

    [Fact]
    public async Task Objects_that_are_not_tables_are_counted_and_those_left_out_are_named()
    {
        var (source, destination, database) = await StartAsync("types", Objects);
        var task = PrecheckTask.Between(source, destination, database);
        Assert.Contains("1 Function, 1 Procedure, 1 View, 1 Trigger, 1 Event", (await task.RunAsync()).Passed("ObjectTypes").Message, StringComparison.Ordinal);

        var report = await (task with { Objects = [new DatabaseSelection(database, database, false, [new TableSelection("t", "t")])] }).RunAsync();
        Assert.Contains($"{database}.tr", report.Warning("ObjectTypes").Message, StringComparison.Ordinal);
        report = await (task with { Options = new TaskOptions { MigrateEvents = false } }).RunAsync();
        Assert.Contains($"{database}.e", report.Warning("ObjectTypes").Message, StringComparison.Ordinal);

        await source.RunSqlAsync("DROP USER IF EXISTS blind; CREATE USER blind; GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT, SHOW VIEW ON *.* TO blind", CancellationToken.None);
        var item = (await (task with { Source = PrecheckTask.Connection(source, "blind") }).RunAsync()).Warning("ObjectTypes");
        Assert.Contains("may not see all triggers, events", item.Message, StringComparison.Ordinal);
        Assert.StartsWith("GRANT TRIGGER, EVENT ON ", item.FixSql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_become_one_by_capitalization_are_named_and_changed_ones_are_a_warning()
    {
        var (source, destination, database) = await StartAsync("letters", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE T (a int PRIMARY KEY); CREATE VIEW V AS SELECT 1 AS a; CREATE TABLE v (a int PRIMARY KEY)");
        var task = PrecheckTask.Between(source, destination, database) with { Options = new TaskOptions { Capitalization = NameCapitalization.Uppercase } };
        var report = await task.RunAsync();
        string upper = database.ToUpperInvariant();
        var found = report.Results.Where(r => r.Check == "LowerCaseTableNames").Select(r => r.Message).ToList();
        Assert.Equal(2, found.Count);
        Assert.Contains(found, m => m.StartsWith($"{database}.T and {database}.t become one table on the destination, {upper}.T", StringComparison.Ordinal));
        Assert.Contains(found, m => m.StartsWith($"table {database}.v and view {database}.V become one table on the destination, {upper}.V", StringComparison.Ordinal));
        report.FailsOnly("LowerCaseTableNames");
        await source.RunSqlAsync($"USE `{database}`; DROP TABLE T, v", CancellationToken.None);
        Assert.Contains($"The letters of names change: {upper}.T. Columns of tables are written in upper case.", (await task.RunAsync()).Warning("LowerCaseTableNames").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Same_name_objects_fail_or_warn_by_conflict_mode()
    {
        var (source, destination, database) = await StartAsync("samename", Objects);
        await destination.RunSqlAsync($"CREATE DATABASE `{database}`; USE `{database}`; CREATE PROCEDURE P() SELECT 2; CREATE VIEW v AS SELECT 1 AS one", CancellationToken.None);
        var task = PrecheckTask.Between(source, destination, database);
        Assert.Contains($"Procedure {database}.p, View {database}.v", (await task.RunAsync()).Failed("SameNameObjects").Message, StringComparison.Ordinal);
        (await (task with { Mode = ConflictMode.IgnoreErrorsAndProceed }).RunAsync()).Warning("SameNameObjects");
        (await (task with { IsResume = true }).RunAsync()).Skipped("SameNameObjects");
    }

    [Fact]
    public async Task Views_that_have_lost_a_table_and_statements_built_at_run_time_are_named()
    {
        var (source, destination, database) = await StartAsync(
            "invalid", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE gone (a int); CREATE VIEW broken AS SELECT * FROM gone; DROP TABLE gone;\nDELIMITER //\nCREATE PROCEDURE dyn() BEGIN PREPARE s FROM 'SELECT 1'; EXECUTE s; END//\nDELIMITER ;\n");
        await source.RunSqlAsync($"USE `{database}`; SET NAMES gbk; CREATE PROCEDURE lost() SELECT '中文?'; CREATE PROCEDURE whole() SELECT '運動?'", CancellationToken.None);
        var task = PrecheckTask.Between(source, destination, database);
        var report = await task.RunAsync();
        Assert.Contains($"The text of Procedure {database}.lost has bytes that are no characters in its character set gbk", report.Failed("ObjectDefinitions").Message, StringComparison.Ordinal);
        Assert.Contains($"View {database}.broken cannot be used", report.Warning("InvalidViews").Message, StringComparison.Ordinal);
        report.Skipped("DynamicSql");
        Assert.DoesNotContain(report.Results, r => r.Check == "LongTransactions" && r.Message.Contains("failed", StringComparison.Ordinal));
        report = await (task with { Objects = [new DatabaseSelection(database, database + "_to", true, [])] }).RunAsync();
        Assert.Contains($"Procedure {database}.dyn prepares a statement from a text", report.Warning("DynamicSql").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kept_definers_must_exist_on_the_destination_and_its_account_may_name_them()
    {
        var (source, destination, database) = await StartAsync("definer", "CREATE TABLE t (a int PRIMARY KEY); CREATE DEFINER=root@localhost VIEW v AS SELECT 1 AS a; CREATE DEFINER=`no body`@`10.%` PROCEDURE p() SELECT 1");
        await destination.RunSqlAsync("DROP USER IF EXISTS plain_definer; CREATE USER plain_definer; GRANT SELECT, CREATE, ALTER, DROP, INDEX, INSERT, UPDATE, DELETE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EXECUTE ON *.* TO plain_definer", CancellationToken.None);
        var task = PrecheckTask.Between(source, destination, database) with { Options = new TaskOptions { DefinerMode = DefinerMode.Keep } };
        Assert.Contains($"'no body'@'10.%' does not exist on the destination; it is the definer of Procedure {database}.p", (await task.RunAsync()).Failed("DefinerAccounts").Message, StringComparison.Ordinal);
        var results = (await (task with { Destination = PrecheckTask.Connection(destination, "plain_definer") }).RunAsync()).Results.Where(r => r.Check == "DefinerAccounts").ToList();
        Assert.Contains(results, r => r.Outcome == "Failed" && r.FixSql == OldSql.For(destination.Binaries.Version, "GRANT SET_ANY_DEFINER ON *.* TO 'plain_definer'@'%';"));
        (await (task with { Options = new TaskOptions() }).RunAsync()).Skipped("DefinerAccounts");
    }

    private const string Objects =
        "CREATE TABLE t (a int PRIMARY KEY); CREATE VIEW v AS SELECT 1 AS one; CREATE PROCEDURE p() SELECT 1; CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1; CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO SELECT 1; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1";

    private static async Task<(MySqlServer Source, MySqlServer Destination, string Database)> StartAsync(string prefix, string sql)
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("pre_" + prefix);
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; USE `{database}`; {sql}", CancellationToken.None);
        return (source, destination, database);
    }
}
