using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tests.Precheck;

public sealed class PrecheckRunnerTests
{
    [Fact]
    public async Task Every_check_is_heard_in_order_even_when_one_breaks()
    {
        var results = await RunAsync(
            new FakeCheck("A", () => [Finding.Passed("x", "fine"), Finding.Warning("y", "hm", "look", "SELECT 1")]),
            new FakeCheck("B", () => throw new InvalidOperationException("broken")),
            new FakeCheck("C", () => [Finding.Failed("z", "bad", "mend")]) { Needs = PrecheckNeeds.Source | PrecheckNeeds.Tables },
            new FakeCheck("D", () => [Finding.Failed("z", "bad", "mend")]) { Applies = false },
            new FakeCheck("E", () => [Finding.Failed("z", "bad", "mend", "FIX")]));
        Assert.Equal(
            [("A", "Passed"), ("A", "Warning"), ("B", "Failed"), ("C", "Skipped"), ("D", "Skipped"), ("E", "Failed")],
            results.Select(r => (r.Check, r.Outcome)));
        Assert.Contains("broken", results[2].Message, StringComparison.Ordinal);
        Assert.Contains("SourceConnectivity, ObjectsExist", results[3].Message, StringComparison.Ordinal);
        Assert.Equal(("z", "mend", "FIX", "t"), (results[5].Target, results[5].Recommendation, results[5].FixSql, results[5].Task));
    }

    [Fact]
    public async Task What_the_account_may_not_look_at_is_skipped_and_is_run_again_with_what_failed()
    {
        var result = Assert.Single(await RunAsync(new FakeCheck("A", () => throw new MySqlServerException(1142, "42000", "SELECT command denied to user 'u'"))));
        Assert.Equal(("Skipped", true), (result.Outcome, result.IsBlocked));
        Assert.Contains("SELECT command denied", result.Message, StringComparison.Ordinal);
        Assert.False((await RunAsync(new FakeCheck("B", () => []) { Applies = false }))[0].IsBlocked);
    }

    [Fact]
    public async Task Cancelling_ends_the_run_instead_of_failing_a_check()
    {
        using var cancel = new CancellationTokenSource();
        var check = new FakeCheck("A", () =>
        {
            cancel.Cancel();
            throw new OperationCanceledException(cancel.Token);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(cancel.Token, check));
    }

    [Fact]
    public async Task The_blocking_error_names_each_failed_item_with_its_remedy()
    {
        var results = await RunAsync(
            new FakeCheck("A", () => [Finding.Passed("x", "fine")]),
            new FakeCheck("B", () => [Finding.Failed("z", "bad.", "Mend it.", "FIX;")]),
            new FakeCheck("C", () => [Finding.Failed("w", "worse.", "Run.")]));
        var error = new PrecheckBlockedException(results);
        Assert.Equal("PrecheckBlocked", error.Code);
        Assert.Equal("The precheck failed: 2 items block the start.\nB (z): bad. Mend it. SQL: FIX;\nC (w): worse. Run.", error.Message);
        Assert.Same(results, error.Results);
    }

    [Fact]
    public void Codes_of_the_items_are_stable()
    {
        string[] codes =
        [
            "SourceConnectivity", "DestinationConnectivity", "SourceVersion", "DestinationVersion", "SameServer", "ObjectsExist", "SourcePrivileges",
            "DestinationPrivileges", "SessionSettings", "DestinationTuning", "BinlogEnabled", "LogReplicaUpdates", "BinlogFormat", "BinlogRowImage",
            "BinlogRowValueOptions", "BinlogCompression", "BinlogFilters", "BinlogRetention", "ServerId", "GtidMode", "SameNameTables", "SameNameObjects",
            "DestinationTablesExist", "DestinationTriggers", "OtherTasks", "OnlineDdlLeftovers", "ObjectNames", "ObjectMapping", "ColumnNameCase", "TablesWithoutKey",
            "PrimaryKeyRequired", "ExactColumns", "InvisibleColumns", "GeneratedColumns", "StorageEngine", "GroupReplication", "Partitions", "TableEncryption", "FulltextParsers", "CharacterSets", "JsonTypes",
            "ForeignKeyParent", "ForeignKeyCascades", "ForeignKeyReferences", "ConstraintNames", "SelectedOperations", "ObjectTypes", "ObjectDefinitions", "InvalidViews", "DynamicSql",
            "SqlSecurity", "DefinerAccounts", "Accounts", "FunctionCreation", "EventTimeZones", "EventScheduler", "LowerCaseTableNames", "MappedKeys", "LongTransactions",
            "MetadataLocks", "LocalInfile", "MaxAllowedPacket", "DestinationReadOnly", "DestinationSpace", "ConnectionLimits", "SqlMode", "TimeZone", "InnodbStrictMode",
            "ExplicitTimestampDefaults", "AutoIncrementSettings", "DestinationCharacterSet", "PageSize",
        ];
        Assert.Equal(codes, PrecheckList.Create().Select(c => c.Code));
    }

    private static Task<List<PrecheckResult>> RunAsync(params IPrecheck[] checks) => RunAsync(CancellationToken.None, checks);

    private static async Task<List<PrecheckResult>> RunAsync(CancellationToken cancellationToken, params IPrecheck[] checks)
    {
        var connection = new ConnectionDefinition { Host = "h", User = "u" };
        var task = new MigrationTask { Name = "t", Source = connection, Destination = connection, Objects = [] };
        var source = new ServerConnector("source", connection, Secret.Empty, task.Options, TimeProvider.System);
        var destination = new ServerConnector("destination", connection, Secret.Empty, task.Options, TimeProvider.System);
        var results = new List<PrecheckResult>();
        await foreach (var result in PrecheckRunner.RunAsync(checks, task, source, destination, false, cancellationToken))
        {
            results.Add(result);
        }

        return results;
    }

    private sealed class FakeCheck(string code, Func<IReadOnlyList<Finding>> run) : IPrecheck
    {
        public string Code => code;

        public string Category => PrecheckCategory.Settings;

        public PrecheckNeeds Needs { get; init; }

        public bool Applies { get; init; } = true;

        public bool AppliesTo(PrecheckContext context) => Applies;

        public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken) => Task.FromResult(run());
    }
}
