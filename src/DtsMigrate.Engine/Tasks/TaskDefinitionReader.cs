using System.Text;
using System.Text.Json;
using DtsMigrate.Engine.Alerts;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads task definitions and names every fault in them, before anything is touched.</summary>
public static class TaskDefinitionReader
{
    private const long LongestFile = 64 << 20;

    private static readonly MigrationTypes[] SingleTypes = [MigrationTypes.Schema, MigrationTypes.Full, MigrationTypes.Incremental];
    private static readonly DestinationTuning[] Tunings = [DestinationTuning.RelaxedFlush, DestinationTuning.RedoLogOff];

    /// <summary>Reads a definition.</summary>
    /// <exception cref="TaskDefinitionException">It is faulty.</exception>
    public static MigrationTask Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json), file: null);
    }

    /// <summary>Reads a definition from a file. Relative paths in it (<c>tlsCa</c>, <c>optionFile</c>) start at the file's folder and become absolute.</summary>
    /// <exception cref="TaskDefinitionException">It is faulty.</exception>
    /// <exception cref="DtsMigrateException">TaskFileUnreadable.</exception>
    public static MigrationTask ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        MigrationTask task = Parse(ReadBytes(path), path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return task with { Source = TaskPaths.Resolve(task.Source, folder), Destination = TaskPaths.Resolve(task.Destination, folder), Options = TaskPaths.Resolve(task.Options, folder) };
    }

    /// <summary>Reads a file that holds one connection: <c>{ "connection": { ... } }</c>, as <see cref="TaskDefinitionWriter"/> writes it.</summary>
    internal static ConnectionDefinition ReadConnectionFile(string path)
    {
        var faults = new DefinitionFaults();
        using JsonDocument document = Open(ReadBytes(path), path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            faults.Add("$", null, "A connection is a JSON object.", "Write it anew with New-MigrationConnection -Force.");
            faults.ThrowIfAny(path);
        }

        var root = new JsonMembers(document.RootElement, "$", ["version", "connection"], faults);
        root.Number(new TaskOptionRange("version", MigrationTask.CurrentVersion, MigrationTask.CurrentVersion), MigrationTask.CurrentVersion);
        ConnectionDefinition connection = ReadConnection(root, "connection", faults);
        TaskValidator.CheckConnection(connection, "$.connection", faults);
        faults.ThrowIfAny(path);
        return TaskPaths.Resolve(connection, Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream stream = AtomicFile.Open(path);
            if (stream.Length > LongestFile)
            {
                throw new IOException($"It has {stream.Length} bytes, more than any task definition.");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DtsMigrateException("TaskFileUnreadable", $"The task definition '{path}' cannot be read: {e.Message}", e)
            {
                Target = path,
                RecommendedAction = "Check the path and the permissions of the file.",
            };
        }
    }

    private static MigrationTask Parse(ReadOnlyMemory<byte> json, string? file)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        var faults = new DefinitionFaults();
        using JsonDocument document = Open(json, file);
        MigrationTask task = ReadRoot(document.RootElement, faults);
        TaskValidator.Check(task, faults);
        faults.ThrowIfAny(file);
        return task;
    }

    private static JsonDocument Open(ReadOnlyMemory<byte> json, string? file)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            string where = $"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}";
            var fault = new TaskDefinitionFault("$", null, $"Malformed JSON at {where}.", "Look there for a missing or extra comma, quote, brace or bracket.");
            throw new TaskDefinitionException([fault], file, e);
        }
    }

    private static MigrationTask ReadRoot(JsonElement element, DefinitionFaults faults)
    {
        var empty = new MigrationTask { Name = string.Empty, Source = EmptySide, Destination = EmptySide, Objects = [] };
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add("$", DefinitionFaults.Show(element), "A task definition is a JSON object.", "Begin it with { \"version\": 1, \"name\": ...");
            return empty;
        }

        var root = new JsonMembers(element, "$", TaskMembers.Root, faults);
        root.Number(new TaskOptionRange("version", MigrationTask.CurrentVersion, MigrationTask.CurrentVersion), MigrationTask.CurrentVersion);
        root.Require("name", TaskName.Rule);
        string name = root.Text("name") ?? string.Empty;
        ConnectionDefinition source = ReadConnection(root, "source", faults);
        ConnectionDefinition destination = ReadConnection(root, "destination", faults);
        MigrationTypes types = ReadTypes(root, faults);
        root.Require("objects", "Select at least one database, for example \"objects\": { \"shop\": { \"all\": true } }.");
        return empty with
        {
            Name = name,
            Source = source,
            Destination = destination,
            MigrationTypes = types,
            Objects = SelectionReader.Read(root),
            Operations = OperationKinds.Read(root, DdlKinds.All),
            Accounts = ReadAccounts(root, faults),
            ConflictMode = root.Word("conflictMode", ConflictMode.PrecheckAndReportErrors),
            Options = ReadOptions(root, faults),
        };
    }

    private static ConnectionDefinition EmptySide { get; } = new() { Host = string.Empty, User = string.Empty };

    private static ConnectionDefinition ReadConnection(JsonMembers root, string side, DefinitionFaults faults)
    {
        const string Example = "{ \"host\": \"10.0.0.5\", \"port\": 3306, \"user\": \"dts\", \"password\": { \"env\": \"DB_PW\" } }";
        root.Require(side, $"Write it like {Example}.");
        if (root.Object(side, TaskMembers.Connection, Example) is not { } members)
        {
            return EmptySide;
        }

        members.Require("host", "Give the server's name or address.");
        members.Require("user", "Give the account's name.");
        return new ConnectionDefinition
        {
            Host = members.Text("host") ?? string.Empty,
            Port = (int)members.Number(TaskOptionRange.Port, 3306),
            OtherHosts = members.Text("otherHosts"),
            User = members.Text("user") ?? string.Empty,
            Password = PasswordReader.Read(members, faults),
            Tls = members.Word("tls", TlsMode.Preferred),
            TlsCa = members.Text("tlsCa"),
            AllowPublicKeyRetrieval = members.Flag("allowPublicKeyRetrieval", false),
        };
    }

    private static MigrationTypes ReadTypes(JsonMembers root, DefinitionFaults faults)
    {
        const MigrationTypes Fallback = MigrationTypes.Schema | MigrationTypes.Full | MigrationTypes.Incremental;
        MigrationTypes types = root.Words("migrationTypes", SingleTypes, Fallback, static (all, one) => all | one);

        // An empty list is a fault of its own; one with faults inside has been told.
        return types == MigrationTypes.None && faults.AnyInside(root.PathOf("migrationTypes")) ? Fallback : types;
    }

    private static List<string> ReadAccounts(JsonMembers root, DefinitionFaults faults)
    {
        var accounts = new List<string>();
        if (!root.Has("accounts"))
        {
            return accounts;
        }

        string path = root.PathOf("accounts");
        JsonElement list = root.Raw("accounts");
        if (list.ValueKind != JsonValueKind.Array)
        {
            faults.Add(path, DefinitionFaults.Show(list), "The value must be a list.", "Write it like [\"app@%\", \"report@10.0.0.%\"], or [\"*\"] for all.");
            return accounts;
        }

        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string at = DefinitionFaults.Child(path, index++);
            if (item.ValueKind == JsonValueKind.String)
            {
                accounts.Add(item.GetString()!);
            }
            else
            {
                faults.Add(at, DefinitionFaults.Show(item), "The value must be a text.", "Write an account as \"user@host\".");
            }
        }

        return accounts;
    }

    private static TaskOptions ReadOptions(JsonMembers root, DefinitionFaults faults)
    {
        var defaults = new TaskOptions();
        if (root.Object("options", TaskMembers.Options, "{ \"copyThreads\": 4 }") is not { } options)
        {
            return defaults;
        }

        var read = new TaskOptions
        {
            RetryFailedConnectionsMinutes = (int)options.Number(TaskOptionRange.RetryFailedConnectionsMinutes, defaults.RetryFailedConnectionsMinutes),
            RetryOtherIssuesMinutes = (int)options.Number(TaskOptionRange.RetryOtherIssuesMinutes, defaults.RetryOtherIssuesMinutes),
            AutoRecoveryDays = (int)options.Number(TaskOptionRange.AutoRecoveryDays, defaults.AutoRecoveryDays),
            BinlogSpoolMegabytes = options.Number(TaskOptionRange.BinlogSpoolMegabytes, defaults.BinlogSpoolMegabytes),
            Heartbeat = options.Flag("heartbeat", defaults.Heartbeat),
            Size = OptionObjects.ReadSize(options, faults),
            DestinationBinlog = options.Flag("destinationBinlog", defaults.DestinationBinlog),
            LateIndexes = options.Word("lateIndexes", defaults.LateIndexes),
            ApplyMode = options.Word("applyMode", defaults.ApplyMode),
            DefinerMode = options.Word("definerMode", defaults.DefinerMode),
            Capitalization = options.Word("capitalization", defaults.Capitalization),
            CollationMap = CollationMapJson.Read(options),
            TriggerMethod = options.Word("triggerMethod", defaults.TriggerMethod),
            MigrateEvents = options.Flag("migrateEvents", defaults.MigrateEvents),
            DdlFailure = options.Word("ddlFailure", defaults.DdlFailure),
            GeneratedColumns = options.Word("generatedColumns", defaults.GeneratedColumns),
            OnlineDdl = OnlineDdlJson.Read(options),
            ReplicaServerId = (uint)options.Number(TaskOptionRange.ReplicaServerId, defaults.ReplicaServerId),
            Throttle = OptionObjects.ReadThrottle(options),
            LoadLimits = OptionObjects.ReadLoadLimits(options),
            DestinationTuning = options.Words("destinationTuning", Tunings, DestinationTuning.None, static (all, one) => all | one),
            Alerts = AlertOptionsJson.Read(options),
            RequireApprovals = options.Flag("requireApprovals", defaults.RequireApprovals),
            MigrationAssessment = options.Flag("migrationAssessment", defaults.MigrationAssessment),
            EnvironmentTag = options.Text("environmentTag"),
        };

        // Given or not makes a difference: what is not given follows the size.
        read = options.Has("copyThreads") ? read with { CopyThreads = (int)options.Number(TaskOptionRange.CopyThreads, defaults.CopyThreads) } : read;
        return options.Has("chunkBytes") ? read with { ChunkBytes = options.Number(TaskOptionRange.ChunkBytes, defaults.ChunkBytes) } : read;
    }
}
