using System.Globalization;
using DtsMigrate.Engine;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Precheck;

/// <summary>Many tables cost the precheck rows, not statements.</summary>
public sealed class PrecheckScaleTests
{
    [Fact]
    public async Task Statements_of_a_precheck_do_not_grow_with_the_tables_on_either_server()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        (string Source, string Destination) few = await CountAsync(source, destination, 20);
        (string Source, string Destination) many = await CountAsync(source, destination, 60);
        Assert.Equal(few, many);
        Assert.InRange(int.Parse(few.Source, CultureInfo.InvariantCulture), 20, 200);
    }

    [Fact]
    public async Task Tables_without_a_key_that_hold_rows_already_are_found_among_many()
    {
        var (source, destination) = await SharedServers.PairAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("pre_keyless");
        string create = $"CREATE DATABASE `{database}`; USE `{database}`; " + string.Concat(Enumerable.Range(0, 105).Select(i => string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE k{i:000} (a int);")));
        await source.RunSqlAsync(create, CancellationToken.None);
        await destination.RunSqlAsync(create + "INSERT INTO k003 VALUES (1), (2); INSERT INTO k104 VALUES (NULL)", CancellationToken.None);

        var selection = new DatabaseSelection(database, database, true, []) { Operations = new OperationKinds(DmlKinds.Insert | DmlKinds.Update, DdlKinds.All) };
        var report = await (PrecheckTask.Between(source, destination, database) with { Mode = ConflictMode.IgnoreErrorsAndProceed, Objects = [selection] }).RunAsync();

        Assert.Equal(105, report.Results.Count(r => r is { Check: "SelectedOperations", Outcome: "Failed" } && r.Message.Contains("has no key", StringComparison.Ordinal)));
        Assert.Contains("Some kinds of row changes are left out for 105 tables", report.Results.Single(r => r is { Check: "SelectedOperations", Outcome: "Warning" }).Message, StringComparison.Ordinal);
        Assert.Equal([$"{database}.k003", $"{database}.k104"], report.Results.Where(r => r is { Check: "TablesWithoutKey", Outcome: "Failed" }).Select(r => r.Target));
        Assert.Contains("105 tables have no primary key", report.Results.Single(r => r is { Check: "TablesWithoutKey", Outcome: "Warning" }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_of_many_tables_come_in_order_and_without_those_that_are_gone()
    {
        var source = await SharedServers.SourceAsync(CancellationToken.None);
        string database = SharedServers.NewDatabaseName("pre_texts");
        await source.RunSqlAsync($"CREATE DATABASE `{database}`; USE `{database}`; CREATE TABLE a (a int); CREATE TABLE `b;``c` (b int); CREATE TABLE d (d int)", CancellationToken.None);
        await using var session = await MySqlSession.ConnectAsync(new MySqlSessionOptions { Host = source.Host, Port = source.Port, User = "root", Password = Secret.Empty }, TimeProvider.System, CancellationToken.None);
        var catalog = await CatalogReader.OpenAsync(session, CancellationToken.None);
        string[] gone = [.. Enumerable.Range(0, 150).Select(i => $"gone{i}")];
        var texts = await catalog.ReadCreatesAsync(database, ["a", gone[0], "b;`c", .. gone[1..], "d"], CancellationToken.None);
        Assert.Equal(["a", "b;`c", "d"], texts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(await catalog.ReadCreateAsync(new QualifiedName(database, "b;`c"), CancellationToken.None), texts["b;`c"]);
        Assert.Empty(await catalog.ReadCreatesAsync("no_such_database", ["a", "b"], CancellationToken.None));
    }

    // By an account of its own, because other tests work on these servers, too.
    private static async Task<(string Source, string Destination)> CountAsync(MySqlServer source, MySqlServer destination, int tables)
    {
        string database = SharedServers.NewDatabaseName("pre_many");
        string create = $"CREATE DATABASE `{database}`; USE `{database}`; CREATE TABLE p (id int PRIMARY KEY); "
            + string.Concat(Enumerable.Range(0, tables).Select(i => string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE t{i} (id int PRIMARY KEY, a varchar(20), KEY (a), CONSTRAINT f{i} FOREIGN KEY (id) REFERENCES p (id)); CREATE TABLE k{i} (a int);")));
        foreach (var server in (MySqlServer[])[source, destination])
        {
            await server.RunSqlAsync($"{create} CREATE USER `{database}`; GRANT ALL ON *.* TO `{database}`;", CancellationToken.None);
        }

        var report = await (PrecheckTask.Between(source, destination, database) with
        {
            Source = PrecheckTask.Connection(source, database),
            Destination = PrecheckTask.Connection(destination, database),
            Mode = ConflictMode.IgnoreErrorsAndProceed,
        }).RunAsync();
        report.FailsOnly();
        report.Passed("DestinationTablesExist");
        string question = $"SELECT SUM(COUNT_STAR) FROM performance_schema.events_statements_summary_by_user_by_event_name WHERE USER='{database}' AND EVENT_NAME LIKE 'statement/sql/%'";
        return ((await source.RunSqlAsync(question, CancellationToken.None)).Trim(), (await destination.RunSqlAsync(question, CancellationToken.None)).Trim());
    }
}
