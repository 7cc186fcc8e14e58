using DtsMigrate.Engine.Tasks;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Session;
using FsCheck;
using FsCheck.Fluent;

namespace DtsMigrate.Engine.Tests.Tasks;

public class TaskDefinitionRoundTripTests
{
    private static readonly Gen<string> Identifiers =
        from text in Gen.Elements("a", "Z", "0", "_", "$", " x", "-", "ä", "表", "'", "\"", "\\", ".", "`", "]").ArrayOf(12)
        from number in Gen.Choose(0, 999_999)
        select string.Concat(text) + number;

    private static readonly Gen<PasswordReference> Passwords = Gen.Elements(
        new PasswordReference(),
        new PasswordReference { Env = "PW" },
        new PasswordReference { OptionFile = "/etc/my.cnf" },
        new PasswordReference { OptionFile = "C:\\my.cnf", OptionGroup = "g" },
        new PasswordReference { Secret = "s" },
        new PasswordReference { Secret = "s", Vault = "v" },
        new PasswordReference { Empty = true });

    private static readonly Gen<MigrationTask> Tasks =
        from source in Connections("source.example")
        from destination in Connections("destination.example")
        from types in Gen.Choose(1, 7)
        from objects in Databases().ArrayOf().Where(list => list.Length > 0)
        from conflict in Gen.Elements(Enum.GetValues<ConflictMode>())
        from options in Options()
        from operations in Operations()
        select new MigrationTask
        {
            Name = "t-1.x_Y",
            Source = source,
            Destination = destination,
            MigrationTypes = (MigrationTypes)types,
            Objects = objects.DistinctBy(database => database.Name).ToList(),
            Accounts = ((MigrationTypes)types).HasFlag(MigrationTypes.Schema) && conflict == ConflictMode.IgnoreErrorsAndProceed ? ["app@%", "r 2@10.0.0.%"] : [],
            ConflictMode = conflict,
            Operations = ((MigrationTypes)types).HasFlag(MigrationTypes.Incremental) ? operations : default,
            Options = options,
        };

    [Fact]
    public void What_is_written_is_read_as_the_same_task() =>
        Prop.ForAll(Tasks.ToArbitrary(), task => Same(task, TaskDefinitionReader.Parse(TaskDefinitionWriter.ToJson(task)))).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void What_is_written_twice_is_the_same_text() =>
        Prop.ForAll(Tasks.ToArbitrary(), task => TaskDefinitionWriter.ToJson(task) == TaskDefinitionWriter.ToJson(TaskDefinitionReader.Parse(TaskDefinitionWriter.ToJson(task))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    private static bool Same(MigrationTask a, MigrationTask b) =>
        (a.Name, a.Source, a.Destination, a.MigrationTypes, a.ConflictMode, a.Operations, a.Options) == (b.Name, b.Source, b.Destination, b.MigrationTypes, b.ConflictMode, b.Operations, b.Options)
        && a.Accounts.SequenceEqual(b.Accounts)
        && a.Objects.Count == b.Objects.Count
        && a.Objects.Zip(b.Objects).All(pair =>
            (pair.First.Name, pair.First.To, pair.First.All) == (pair.Second.Name, pair.Second.To, pair.Second.All)
            && pair.First.Tables.SequenceEqual(pair.Second.Tables));

    private static Gen<OperationKinds> Operations() =>
        from dml in Gen.Choose(-1, 7)
        from ddl in Gen.Choose(-1, (int)DdlKinds.All)
        select new OperationKinds(dml < 0 ? null : (DmlKinds)dml, ddl < 0 ? null : (DdlKinds)ddl);

    private static Gen<ConnectionDefinition> Connections(string host) =>
        from port in Gen.Choose(1, 65535)
        from user in Identifiers
        from password in Passwords
        from tls in Gen.Elements(Enum.GetValues<TlsMode>())
        from allow in Gen.Elements(true, false)
        select new ConnectionDefinition
        {
            Host = host,
            Port = port,
            User = user,
            Password = password,
            Tls = tls,
            TlsCa = tls >= TlsMode.VerifyCA && allow ? "/ca file.pem" : null,
            AllowPublicKeyRetrieval = allow,
        };

    private static Gen<DatabaseSelection> Databases() =>
        from name in Identifiers
        from rename in Gen.Elements(true, false)
        from all in Gen.Elements(true, false)
        from tables in Identifiers.ArrayOf()
        let distinct = tables.Distinct().Select((table, index) => new TableSelection(table, index % 2 == 0 ? table : "renamed_" + index)).ToList()
        select new DatabaseSelection(name, rename ? "to " + name : name, all || distinct.Count == 0, distinct);

    private static Gen<TaskOptions> Options() =>
        from connection in Gen.Choose(10, 1440)
        from other in Gen.Choose(1, 1440)
        from threads in Gen.Choose(1, 64)
        from chunk in Gen.Choose(1, 256)
        from binlog in Gen.Elements(true, false)
        from throttle in Gen.Choose(0, 1_000_000).Four()
        from late in Gen.Elements(Enum.GetValues<LateIndexes>())
        from mode in Gen.Elements(Enum.GetValues<ApplyMode>())
        from ddl in Gen.Elements(Enum.GetValues<DdlFailurePolicy>())
        from letters in Gen.Elements(Enum.GetValues<NameCapitalization>())
        from given in Gen.Elements(true, false)
        from size in Gen.Elements(Enum.GetValues<TaskSize>())
        from tuning in Gen.Choose(0, 3)
        from replica in Gen.Elements(null, "db2", "db2:3307", "[::1]:3306")
        from serverId in Gen.Elements(0u, 1u, uint.MaxValue)
        let common = new TaskOptions
        {
            RetryFailedConnectionsMinutes = connection,
            RetryOtherIssuesMinutes = Math.Min(other, connection - 1),
            DestinationBinlog = binlog,
            LateIndexes = late,
            ApplyMode = mode,
            DefinerMode = given ? DefinerMode.Keep : DefinerMode.Destination,
            TriggerMethod = binlog ? TriggerMethod.Automatic : TriggerMethod.Manual,
            MigrateEvents = given,
            Capitalization = letters,
            DdlFailure = ddl,
            GeneratedColumns = given ? GeneratedColumnPolicy.Recompute : GeneratedColumnPolicy.Exact,
            ReplicaServerId = serverId,
            Throttle = new ThrottleLimits
            {
                FullQueriesPerSecond = throttle.Item1,
                FullRowsPerSecond = throttle.Item2,
                FullMegabytesPerSecond = throttle.Item3,
                IncrementalRowsPerSecond = throttle.Item4,
                IncrementalMegabytesPerSecond = threads,
            },
            LoadLimits = new LoadLimits
            {
                ThreadsRunning = threads,
                ReplicaLagSeconds = chunk,
                HistoryLength = throttle.Item1,
                DestinationThreadsRunning = throttle.Item2 % 1000,
                DestinationRedoPercent = threads,
                Replica = replica,
            },
            Size = size,
            DestinationTuning = (DestinationTuning)tuning,
        }
        select given ? common with { CopyThreads = threads, ChunkBytes = (long)chunk << 20 } : common;
}
