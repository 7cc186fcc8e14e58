using DtsMigrate.Engine.Tasks;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Journeys;

/// <summary>Each fault gives one clear error or a failed precheck with a remedy, the exit code of the contract, and changes nothing anywhere.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task A_wrong_password_fails_the_precheck_at_once()
    {
        using Journey journey = await PrepareAsync("badpw");
        (int code, _, string error) = await WorkerProcess.RunAsync(
            journey.Home, new Dictionary<string, string> { ["JOURNEY_PW"] = "wrong" }, TimeSpan.FromMinutes(1), "run", journey.TaskFile, "--json");
        await AssertBlockedAsync(journey, code, error, "SourceConnectivity", "1045");
    }

    [Fact]
    public async Task An_unknown_host_fails_the_precheck_at_once()
    {
        using Journey journey = await PrepareAsync("badhost");
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Source = task.Source with { Host = "no-such-host.invalid" } });
        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--json");
        await AssertBlockedAsync(journey, code, error, "SourceConnectivity", "no-such-host.invalid");
    }

    [Fact]
    public async Task An_unknown_table_is_named()
    {
        using Journey journey = await PrepareAsync("badtable");
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Objects = [new DatabaseSelection(journey.Database, journey.Database, All: false, [new TableSelection("no such `table", "x")])] });
        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--json");
        await AssertBlockedAsync(journey, code, error, "ObjectsExist", "no such `table");
    }

    [Fact]
    public async Task A_table_that_the_destination_already_has_is_named_and_left_alone()
    {
        using Journey journey = await PrepareAsync("badsame");
        await Journey.ExecuteAsync(journey.DestinationRoot, $"CREATE DATABASE {journey.Database}", $"CREATE TABLE {journey.Database}.t (other INT)");
        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--json");
        Assert.Equal(3, code);
        Assert.Contains("SameNameTables", error, StringComparison.Ordinal);
        Assert.Equal("0", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT COUNT(*) FROM {journey.Database}.t"));
    }

    [Fact]
    public async Task Source_and_destination_by_two_names_of_one_server_are_found_out()
    {
        using Journey journey = await PrepareAsync("badself");
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Destination = task.Source with { Host = "localhost" } });
        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--json");
        Assert.Equal(2, code);
        Assert.Contains("$.destination", error, StringComparison.Ordinal);

        await using FaultProxy otherName = FaultProxy.Start(journey.Source);
        await journey.WriteTaskAsync(task with { Destination = task.Source with { Port = otherName.Port }, Objects = [new DatabaseSelection(journey.Database, journey.Database + "_copy", All: true, [])] });
        (code, _, error) = await journey.RunAsync("run", journey.TaskFile, "--json");
        Assert.Equal(3, code);
        Assert.Contains("SameServer", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"version\": 1, \"name\": ", "line")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"surce\": {} }", "$.surce")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"options\": { \"copyThreads\": 0 } }", "$.options.copyThreads")]
    public async Task A_faulty_definition_is_code_2(string json, string text)
    {
        using Journey journey = await PrepareAsync("badjson");
        await File.WriteAllTextAsync(journey.TaskFile, json);
        (int code, string output, string error) = await journey.RunAsync("run", journey.TaskFile, "--json");
        Assert.Equal(2, code);
        Assert.Contains(text, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Binary_log_off_and_statement_format_fail_the_precheck()
    {
        await using MySqlServer off = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "nobinlog", BinaryLog = false, Gtid = false }, CancellationToken.None);
        using Journey journey = await PrepareAsync("badlog");
        await CheckSourceAsync(journey, off, "BinlogEnabled");
        await off.DisposeAsync();
        await using MySqlServer statement = await MySqlServer.StartAsync(
            new MySqlServerOptions { Name = "statement", Settings = new Dictionary<string, string?> { ["binlog_format"] = "STATEMENT" } }, CancellationToken.None);
        await CheckSourceAsync(journey, statement, "BinlogFormat");
    }

    private static async Task CheckSourceAsync(Journey journey, MySqlServer source, string check)
    {
        await source.RunSqlAsync($"CREATE DATABASE {journey.Database}; CREATE TABLE {journey.Database}.t (id INT PRIMARY KEY);", CancellationToken.None);
        MigrationTask task = journey.Task();
        await journey.WriteTaskAsync(task with { Source = task.Source with { Port = source.Port, User = source.User, Password = new PasswordReference { Empty = true } } });
        (int code, _, string error) = await journey.RunAsync("run", journey.TaskFile, "--json");
        await AssertBlockedAsync(journey, code, error, check, "source");
    }

    private static async Task<Journey> PrepareAsync(string prefix)
    {
        Journey journey = await Journey.CreateAsync(prefix);
        await Journey.ExecuteAsync(journey.SourceRoot, $"CREATE DATABASE {journey.Database}", $"CREATE TABLE {journey.Database}.t (id INT PRIMARY KEY)");
        await journey.WriteTaskAsync(journey.Task());
        return journey;
    }

    private static async Task AssertBlockedAsync(Journey journey, int code, string error, params string[] texts)
    {
        Assert.True(code == 3, $"code {code}: {error}");
        Assert.All(texts, text => Assert.Contains(text, error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal("0", await Journey.ScalarAsync(journey.DestinationRoot, $"SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{journey.Database}'"));
    }
}
