using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using static DtsMigrate.Engine.Tests.Tasks.Definitions;

namespace DtsMigrate.Engine.Tests.Tasks;

public class TaskDefinitionReaderTests
{
    [Fact]
    public void Every_member_is_read()
    {
        MigrationTask task = TaskDefinitionReader.Parse(With("\"options\": { }", """
            "options": { "retryFailedConnectionsMinutes": 60, "retryOtherIssuesMinutes": 59, "copyThreads": 64, "chunkBytes": 1048576,
                         "autoRecoveryDays": 7, "heartbeat": true, "binlogSpoolMegabytes": 512, "destinationBinlog": false, "lateIndexes": "Never", "applyMode": "TransactionPreserving", "ddlFailure": "Skip", "generatedColumns": "Recompute", "onlineDdl": "AdaptPtOsc", "onlineDdlShadow": "^_(.+)_new$", "onlineDdlTrash": "^_(.+)_old$", "definerMode": "Keep", "capitalization": "Lowercase", "collationMap": { "utf8mb4_0900_ai_ci": "utf8mb4_unicode_ci", "utf8_bin": "utf8mb3_general_ci" }, "triggerMethod": "Automatic", "migrateEvents": false, "replicaServerId": 4294967295,
                         "throttle": { "fullQueriesPerSecond": 1, "fullRowsPerSecond": 2, "fullMegabytesPerSecond": 3, "incrementalRowsPerSecond": 4, "incrementalMegabytesPerSecond": 5 },
                         "size": "2XLarge", "destinationTuning": ["RedoLogOff", "RelaxedFlush"],
                         "loadLimits": { "threadsRunning": 1, "replicaLagSeconds": 2, "historyLength": 3, "destinationThreadsRunning": 4, "destinationRedoPercent": 5, "replica": "db2:3307" } }
            """));

        Assert.Equal("shop", task.Name);
        Assert.Equal(("10.0.0.5", 3306, "dts", "SRC_PW", TlsMode.Preferred), (task.Source.Host, task.Source.Port, task.Source.User, task.Source.Password.Env, task.Source.Tls));
        Assert.Equal((TlsMode.VerifyFull, "ca.pem"), (task.Destination.Tls, task.Destination.TlsCa));
        Assert.Equal(MigrationTypes.Schema | MigrationTypes.Full | MigrationTypes.Incremental, task.MigrationTypes);
        Assert.Equal(("shop", "shop", true), (task.Objects[0].Name, task.Objects[0].To, task.Objects[0].All));
        Assert.Equal(("crm", "crm_v2", false), (task.Objects[1].Name, task.Objects[1].To, task.Objects[1].All));
        Assert.Equal([new TableSelection("client", "customer"), new TableSelection("note", "note")], task.Objects[1].Tables);
        Assert.Equal(
            new TaskOptions
            {
                RetryFailedConnectionsMinutes = 60,
                RetryOtherIssuesMinutes = 59,
                CopyThreads = 64,
                ChunkBytes = 1 << 20,
                AutoRecoveryDays = 7,
                Heartbeat = true,
                BinlogSpoolMegabytes = 512,
                DestinationBinlog = false,
                LateIndexes = LateIndexes.Never,
                ApplyMode = ApplyMode.TransactionPreserving,
                DefinerMode = DefinerMode.Keep,
                Capitalization = NameCapitalization.Lowercase,
                CollationMap = new CollationMap([KeyValuePair.Create("utf8_bin", "utf8mb3_general_ci"), KeyValuePair.Create("utf8mb4_0900_ai_ci", "utf8mb4_unicode_ci")]),
                TriggerMethod = TriggerMethod.Automatic,
                MigrateEvents = false,
                DdlFailure = DdlFailurePolicy.Skip,
                GeneratedColumns = GeneratedColumnPolicy.Recompute,
                OnlineDdl = new OnlineDdlOptions { Mode = OnlineDdlMode.AdaptPtOsc, Shadow = "^_(.+)_new$", Trash = "^_(.+)_old$" },
                ReplicaServerId = uint.MaxValue,
                Throttle = new ThrottleLimits
                {
                    FullQueriesPerSecond = 1,
                    FullRowsPerSecond = 2,
                    FullMegabytesPerSecond = 3,
                    IncrementalRowsPerSecond = 4,
                    IncrementalMegabytesPerSecond = 5,
                },
                Size = TaskSize.XXLarge,
                DestinationTuning = DestinationTuning.RelaxedFlush | DestinationTuning.RedoLogOff,
                LoadLimits = new LoadLimits
                {
                    ThreadsRunning = 1,
                    ReplicaLagSeconds = 2,
                    HistoryLength = 3,
                    DestinationThreadsRunning = 4,
                    DestinationRedoPercent = 5,
                    Replica = "db2:3307",
                },
            },
            task.Options);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        MigrationTask task = TaskDefinitionReader.Parse("""
            { "name": "a", "source": { "host": "s", "user": "u" }, "destination": { "host": "d", "user": "u" }, "objects": { "x": { "all": true } } }
            """);

        Assert.Equal(new ConnectionDefinition { Host = "s", User = "u" }, task.Source);
        Assert.Equal(MigrationTypes.Schema | MigrationTypes.Full | MigrationTypes.Incremental, task.MigrationTypes);
        Assert.Equal(ConflictMode.PrecheckAndReportErrors, task.ConflictMode);
        Assert.Equal(new TaskOptions(), task.Options);
    }

    [Fact]
    public void A_table_renamed_in_a_wholly_selected_database_keeps_all()
    {
        MigrationTask task = TaskDefinitionReader.Parse(With("\"all\": true", "\"all\": true, \"tables\": { \"a\": { \"to\": \"b\" } }"));

        Assert.True(task.Objects[0].All);
        Assert.Equal([new TableSelection("a", "b")], task.Objects[0].Tables);
    }

    [Theory]
    [InlineData("{ \"env\": \"X\" }")]
    [InlineData("{ \"optionFile\": \"/etc/x.cnf\", \"group\": \"g\" }")]
    [InlineData("{ \"secret\": \"s\", \"vault\": \"v\" }")]
    [InlineData("{ \"empty\": true }")]
    [InlineData("null")]
    public void Each_form_of_password_reference_is_read(string password)
    {
        PasswordReference found = TaskDefinitionReader.Parse(With("{ \"env\": \"SRC_PW\" }", password)).Source.Password;

        PasswordReference expected = password switch
        {
            ['{', ' ', '"', 'e', 'n', ..] => new() { Env = "X" },
            ['{', ' ', '"', 'o', ..] => new() { OptionFile = "/etc/x.cnf", OptionGroup = "g" },
            ['{', ' ', '"', 's', ..] => new() { Secret = "s", Vault = "v" },
            ['{', ' ', '"', 'e', 'm', ..] => new() { Empty = true },
            _ => new(),
        };
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("{\n  \"name\": \"a\",,\n}", "line 2, column 15")]
    [InlineData("", "line 1, column 1")]
    [InlineData("{ \"name\": \"a\" ", "line 1")]
    [InlineData("{} {}", "line 1, column 4")]
    [InlineData("{ // comment\n}", "line 1")]
    public void Malformed_JSON_is_named_with_its_place(string json, string place)
    {
        TaskDefinitionFault fault = FaultOf(json);

        Assert.Equal("$", fault.Path);
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("17")]
    public void Another_JSON_value_than_an_object_is_refused(string json) => Assert.Contains("$", FaultsOf(json).Select(fault => fault.Path));

    [Theory]
    [InlineData("\"name\": \"shop\",", "", "$.name", "missing")]
    [InlineData("\"host\": \"10.0.0.5\", ", "", "$.source.host", "missing")]
    [InlineData("\"host\": \"10.0.0.5\"", "\"host\": null", "$.source.host", "missing")]
    [InlineData("\"port\": 3306, \"user\": \"dts\", \"password\": { \"env\": \"DST_PW\" }", "\"port\": 3306", "$.destination.user", "missing")]
    [InlineData("\"version\": 1", "\"version\": 2", "$.version", "range")]
    [InlineData("\"version\": 1", "\"version\": \"1\"", "$.version", "whole number")]
    [InlineData("\"shop\",", "17,", "$.name", "text")]
    [InlineData("\"shop\",", "\"a/b\",", "$.name", "not a task name")]
    [InlineData("\"shop\",", "\"..\",", "$.name", "not a task name")]
    [InlineData("\"shop\",", "\"\",", "$.name", "not a task name")]
    [InlineData("\"10.0.0.5\"", "\"\"", "$.source.host", "empty")]
    [InlineData("\"10.0.0.5\"", "\"a b\"", "$.source.host", "not a host")]
    [InlineData("\"10.0.0.5\"", "\"mysql://h/x\"", "$.source.host", "not a host")]
    [InlineData("\"10.0.0.5\"", "\"10.0.0.9\"", "$.destination.host", "same server")]
    [InlineData("\"port\": 3306, \"user\": \"dts\", \"password\": { \"env\": \"SRC_PW\" }", "\"port\": 0, \"user\": \"dts\"", "$.source.port", "range")]
    [InlineData("\"port\": 3306, \"user\": \"dts\", \"password\": { \"env\": \"SRC_PW\" }", "\"port\": 65536, \"user\": \"dts\"", "$.source.port", "range")]
    [InlineData("\"port\": 3306, \"user\": \"dts\", \"password\": { \"env\": \"SRC_PW\" }", "\"port\": 3306.0, \"user\": \"dts\"", "$.source.port", "whole number")]
    [InlineData("\"port\": 3306, \"user\": \"dts\", \"password\": { \"env\": \"SRC_PW\" }", "\"user\": \"\"", "$.source.user", "empty")]
    [InlineData("\"Preferred\"", "\"preferred\"", "$.source.tls", "not known")]
    [InlineData("\"Preferred\"", "3", "$.source.tls", "text")]
    [InlineData("\"tlsCa\": null", "\"tlsCa\": \"x.pem\"", "$.source.tlsCa", "no certificate is checked")]
    [InlineData("\"ca.pem\"", "\"\"", "$.destination.tlsCa", "empty")]
    [InlineData("\"ca.pem\"", "\"ca.pem\", \"allowPublicKeyRetrieval\": \"yes\"", "$.destination.allowPublicKeyRetrieval", "true or false")]
    [InlineData("[\"Schema\", \"Full\", \"Incremental\"]", "[]", "$.migrationTypes", "Nothing")]
    [InlineData("[\"Schema\", \"Full\", \"Incremental\"]", "\"Full\"", "$.migrationTypes", "list")]
    [InlineData("[\"Schema\", \"Full\", \"Incremental\"]", "[\"Full\", \"Delta\"]", "$.migrationTypes[1]", "not known")]
    [InlineData("[\"Schema\", \"Full\", \"Incremental\"]", "[\"Full\", 3]", "$.migrationTypes[1]", "text")]
    [InlineData("[\"Schema\", \"Full\", \"Incremental\"]", "[\"Full\", \"Full\"]", "$.migrationTypes[1]", "twice")]
    [InlineData("\"PrecheckAndReportErrors\"", "\"Ignore\"", "$.conflictMode", "not known")]
    [InlineData("{ \"all\": true }", "{ }", "$.objects.shop", "Nothing")]
    [InlineData("{ \"all\": true }", "{ \"all\": false }", "$.objects.shop", "Nothing")]
    [InlineData("{ \"all\": true }", "{ \"tables\": { } }", "$.objects.shop", "Nothing")]
    [InlineData("{ \"all\": true }", "true", "$.objects.shop", "object")]
    [InlineData("{ \"all\": true }", "null", "$.objects.shop", "missing")]
    [InlineData("{ \"all\": true }", "{ \"tables\": [\"a\"] }", "$.objects.shop.tables", "object")]
    [InlineData("{ \"all\": true }", "{ \"tables\": { \"a\": null } }", "$.objects.shop.tables.a", "missing")]
    [InlineData("{ \"all\": true }", "{ \"all\": 1 }", "$.objects.shop.all", "true or false")]
    [InlineData("\"shop\": { \"all\"", "\"mysql\": { \"all\"", "$.objects.mysql", "belongs to the server")]
    [InlineData("\"shop\": { \"all\"", "\"dts_migrate\": { \"all\"", "$.objects.dts_migrate", "belongs to the server")]
    [InlineData("\"crm_v2\"", "\"SYS\"", "$.objects.crm.to", "belongs to the server")]
    [InlineData("\"crm_v2\"", "\"\"", "$.objects.crm.to", "empty")]
    [InlineData("\"customer\"", "\"\"", "$.objects.crm.tables.client.to", "empty")]
    [InlineData("\"customer\"", "\"x \"", "$.objects.crm.tables.client.to", "cannot be")]
    [InlineData("\"customer\"", "\"note\"", "$.objects.crm.tables.note", "'crm.client' has this name")]
    [InlineData("\"customer\"", "\"12345678901234567890123456789012345678901234567890123456789012345\"", "$.objects.crm.tables.client.to", "65 characters")]
    [InlineData("\"note\": {}", "\"my note\": { \"to\": 5 }", "$.objects.crm.tables['my note'].to", "text")]
    [InlineData("\"options\": { }", "\"options\": []", "$.options", "object")]
    [InlineData("\"options\": { }", "\"options\": { \"retryFailedConnectionsMinutes\": 9 }", "$.options.retryFailedConnectionsMinutes", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"retryFailedConnectionsMinutes\": 1441 }", "$.options.retryFailedConnectionsMinutes", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"retryOtherIssuesMinutes\": 0 }", "$.options.retryOtherIssuesMinutes", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"retryFailedConnectionsMinutes\": 60, \"retryOtherIssuesMinutes\": 60 }", "$.options.retryOtherIssuesMinutes", "less than")]
    [InlineData("\"options\": { }", "\"options\": { \"copyThreads\": 65 }", "$.options.copyThreads", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"copyThreads\": 99999999999999999999 }", "$.options.copyThreads", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"copyThreads\": \"4\" }", "$.options.copyThreads", "whole number")]
    [InlineData("\"options\": { }", "\"options\": { \"chunkBytes\": 1048575 }", "$.options.chunkBytes", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"chunkBytes\": 268435457 }", "$.options.chunkBytes", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"replicaServerId\": 4294967296 }", "$.options.replicaServerId", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"replicaServerId\": -1 }", "$.options.replicaServerId", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"destinationBinlog\": \"no\" }", "$.options.destinationBinlog", "true or false")]
    [InlineData("\"options\": { }", "\"options\": { \"throttle\": 5 }", "$.options.throttle", "object")]
    [InlineData("\"options\": { }", "\"options\": { \"throttle\": { \"fullRowsPerSecond\": -1 } }", "$.options.throttle.fullRowsPerSecond", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"throttle\": { \"fullQueriesPerSecond\": 1000001 } }", "$.options.throttle.fullQueriesPerSecond", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"throttle\": { \"incrementalMegabytesPerSecond\": 0.5 } }", "$.options.throttle.incrementalMegabytesPerSecond", "whole number")]
    [InlineData("\"options\": { }", "\"options\": { \"throttle\": { \"rps\": 5 } }", "$.options.throttle.rps", "not known")]
    [InlineData("\"options\": { }", "\"options\": { \"size\": \"Huge\" }", "$.options.size", "not known")]
    [InlineData("\"options\": { }", "\"options\": { \"size\": 2 }", "$.options.size", "text")]
    [InlineData("\"options\": { }", "\"options\": { \"copyThreads\": 0 }", "$.options.copyThreads", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"destinationTuning\": \"RedoLogOff\" }", "$.options.destinationTuning", "list")]
    [InlineData("\"options\": { }", "\"options\": { \"destinationTuning\": [\"RedoLogOff\", \"RedoLogOff\"] }", "$.options.destinationTuning[1]", "twice")]
    [InlineData("\"options\": { }", "\"options\": { \"destinationTuning\": [\"Redo\"] }", "$.options.destinationTuning[0]", "not known")]
    [InlineData("\"options\": { }", "\"options\": { \"loadLimits\": { \"destinationRedoPercent\": 101 } }", "$.options.loadLimits.destinationRedoPercent", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"loadLimits\": { \"threadsRunning\": -1 } }", "$.options.loadLimits.threadsRunning", "range")]
    [InlineData("\"options\": { }", "\"options\": { \"loadLimits\": { \"replicaLagSeconds\": 5, \"replica\": \"a:b:c\" } }", "$.options.loadLimits.replica", "not the address")]
    [InlineData("\"options\": { }", "\"options\": { \"loadLimits\": { \"replica\": \"db2\" } }", "$.options.loadLimits.replica", "no limit")]
    public void A_fault_is_named_with_its_path(string old, string replacement, string path, string message)
    {
        TaskDefinitionFault fault = FaultOf(With(old, replacement));

        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"source\"", "\"sorce\"", "$.sorce", "'source'")]
    [InlineData("\"options\": { }", "\"options\": { \"copyThread\": 4 }", "$.options.copyThread", "'copyThreads'")]
    [InlineData("\"options\": { }", "\"Options\": { }", "$.Options", "'options'")]
    [InlineData("\"env\": \"SRC_PW\"", "\"envv\": \"SRC_PW\"", "$.source.password.envv", "'env'")]
    public void An_unknown_member_is_refused_and_the_nearest_known_one_suggested(string old, string replacement, string path, string suggestion)
    {
        TaskDefinitionFault fault = FaultsOf(With(old, replacement)).Single(fault => fault.Path == path);

        Assert.Contains($"Did you mean {suggestion}?", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"to\": \"customer\"", "\"to\": \"customer\", \"where\": \"id > 10\"", "$.objects.crm.tables.client.where")]
    [InlineData("\"to\": \"customer\"", "\"to\": \"customer\", \"columns\": { \"id\": {} }", "$.objects.crm.tables.client.columns")]
    [InlineData("\"options\": { }", "\"options\": { }, \"verification\": { \"mode\": \"Full\" }", "$.verification")]
    [InlineData("\"options\": { }", "\"options\": { \"throttling\": true }", "$.options.throttling")]
    public void A_member_that_a_later_version_brings_is_refused_by_name(string old, string replacement, string path)
    {
        TaskDefinitionFault fault = FaultOf(With(old, replacement));

        Assert.Equal(path, fault.Path);
        Assert.Contains("not supported in this version", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duplicate_member_is_refused()
    {
        Assert.Equal(("$.name", "The member stands twice."), Of(With("\"name\": \"shop\"", "\"name\": \"shop\", \"name\": \"other\"")));
        Assert.Equal(("$.objects.crm", "The member stands twice."), Of(With("\"shop\": { \"all\": true }", "\"crm\": { \"all\": true }")));

        static (string, string) Of(string json) => (FaultOf(json).Path, FaultOf(json).Message);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        IReadOnlyList<TaskDefinitionFault> faults = FaultsOf("""
            { "name": "a b", "source": { "host": "h", "port": 0, "usr": "u" }, "destination": 3, "conflictMode": "x",
              "migrationTypes": ["Half"], "options": { "copyThreads": 0, "chunkBytes": "big" } }
            """);

        Assert.Equal(
            [
                "$.conflictMode", "$.destination", "$.migrationTypes[0]", "$.name", "$.objects", "$.options.chunkBytes", "$.options.copyThreads",
                "$.source.port", "$.source.user", "$.source.usr",
            ],
            faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_value_is_shown_shortened()
    {
        TaskDefinitionFault fault = FaultOf(With("\"PrecheckAndReportErrors\"", $"\"{new string('x', 500)}\""));

        Assert.InRange(fault.Value!.Length, 70, 90);
    }

    [Theory]
    [InlineData("{ \"env\": \"SRC_PW\" }", "\"hunter2\"", "$.source.password")]
    [InlineData("{ \"env\": \"SRC_PW\" }", "[\"hunter2\"]", "$.source.password")]
    [InlineData("{ \"env\": \"SRC_PW\" }", "{ \"env\": { \"x\": \"hunter2\" } }", "$.source.password.env")]
    [InlineData("{ \"env\": \"SRC_PW\" }", "{ \"empty\": \"hunter2\" }", "$.source.password.empty")]
    [InlineData("{ \"env\": \"SRC_PW\" }", "{ \"value\": \"hunter2\" }", "$.source.password.value")]
    [InlineData("{ \"env\": \"SRC_PW\" }", "{ \"env\": \"DB_PW=hunter2\" }", "$.source.password.env")]
    [InlineData("\"password\": { \"env\": \"SRC_PW\" }", "\"pasword\": \"hunter2\"", "$.source.pasword")]
    [InlineData("\"10.0.0.5\"", "\"dts:hunter2@10.0.0.5\"", "$.source.host")]
    public void What_may_be_a_password_is_refused_and_never_shown(string old, string replacement, string path)
    {
        var error = Assert.Throws<TaskDefinitionException>(() => TaskDefinitionReader.Parse(With(old, replacement)));

        Assert.Contains(path, error.Faults.Select(fault => fault.Path));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ }", "$.source.password", "says nothing")]
    [InlineData("{ \"env\": \"A\", \"empty\": true }", "$.source.password", "more than one place")]
    [InlineData("{ \"group\": \"client\", \"env\": \"A\" }", "$.source.password.group", "needs an option file")]
    [InlineData("{ \"vault\": \"v\", \"env\": \"A\" }", "$.source.password.vault", "needs the name of a secret")]
    [InlineData("{ \"env\": \"\" }", "$.source.password.env", "empty")]
    [InlineData("{ \"optionFile\": \" \" }", "$.source.password.optionFile", "empty")]
    public void A_password_reference_that_makes_no_sense_is_refused(string password, string path, string message)
    {
        TaskDefinitionFault fault = FaultOf(With("{ \"env\": \"SRC_PW\" }", password));

        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_this_machine_are_one_server()
    {
        string json = With("\"10.0.0.5\"", "\"localhost\"").Replace("\"10.0.0.9\"", "\"127.0.0.1\"", StringComparison.Ordinal);

        Assert.Equal("$.destination.host", FaultOf(json).Path);
        Assert.Equal(3307, TaskDefinitionReader.Parse(json.Replace("\"port\": 3306, \"user\": \"dts\", \"password\": { \"env\": \"DST_PW\" }", "\"port\": 3307, \"user\": \"dts\"", StringComparison.Ordinal)).Destination.Port);
    }

    [Fact]
    public void Two_databases_may_be_joined_while_their_tables_differ()
    {
        MigrationTask task = TaskDefinitionReader.Parse(With("{ \"all\": true }", "{ \"to\": \"crm_v2\", \"tables\": { \"a\": {} } }"));

        Assert.Equal(["crm_v2", "crm_v2"], task.Objects.Select(database => database.To));
        Assert.Equal("$.objects.crm.tables.note", FaultOf(With("{ \"all\": true }", "{ \"to\": \"crm_v2\", \"tables\": { \"note\": {} } }")).Path);
    }

    [Fact]
    public void Paths_in_a_file_start_at_its_folder()
    {
        using var home = new TemporaryHome();
        Directory.CreateDirectory(home.Home.FullPath);
        string file = Path.Combine(home.Home.FullPath, "t.json");
        File.WriteAllText(file, "\uFEFF" + With("{ \"env\": \"SRC_PW\" }", "{ \"optionFile\": \"~/my.cnf\" }"));

        MigrationTask task = TaskDefinitionReader.ReadFile(file);

        Assert.Equal(Path.Combine(home.Home.FullPath, "ca.pem"), task.Destination.TlsCa);
        Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "my.cnf"), task.Source.Password.OptionFile);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var error = Assert.Throws<DtsMigrateException>(() => TaskDefinitionReader.ReadFile("/nowhere/t.json"));

        Assert.Equal("TaskFileUnreadable", error.Code);
        Assert.Contains("/nowhere/t.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_faulty_file_is_named_in_the_error()
    {
        using var home = new TemporaryHome();
        Directory.CreateDirectory(home.Home.FullPath);
        string file = Path.Combine(home.Home.FullPath, "t.json");
        File.WriteAllText(file, "{");

        Assert.Contains(file, Assert.Throws<TaskDefinitionException>(() => TaskDefinitionReader.ReadFile(file)).Message, StringComparison.Ordinal);
    }
}
