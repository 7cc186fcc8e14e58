using System.Text;
using System.Text.Json;
using DtsMigrate.Engine.Throttling;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Reads task definitions and names every fault in them, before anything is touched.</summary>
public static class TaskDefinitionReader
{
    private const long LongestFile = 64 << 20;

    private static readonly MigrationTypes[] SingleTypes = [MigrationTypes.Schema, MigrationTypes.Full, MigrationTypes.Incremental];

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
        byte[] bytes;
        try
        {
            using FileStream stream = AtomicFile.Open(path);
            if (stream.Length > LongestFile)
            {
                throw new IOException($"It has {stream.Length} bytes, more than any task definition.");
            }

            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DtsMigrateException("TaskFileUnreadable", $"The task definition '{path}' cannot be read: {e.Message}", e)
            {
                Target = path,
                RecommendedAction = "Check the path and the permissions of the file.",
            };
        }

        MigrationTask task = Parse(bytes, path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return task with { Source = TaskPaths.Resolve(task.Source, folder), Destination = TaskPaths.Resolve(task.Destination, folder) };
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
            Objects = ReadObjects(root),
            ConflictMode = root.Word("conflictMode", ConflictMode.PrecheckAndReportErrors),
            Options = ReadOptions(root),
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
        if (!root.Has("migrationTypes"))
        {
            return Fallback;
        }

        string path = root.PathOf("migrationTypes");
        JsonElement list = root.Raw("migrationTypes");
        if (list.ValueKind != JsonValueKind.Array)
        {
            faults.Add(path, DefinitionFaults.Show(list), "The value must be a list.", "Write it like [\"Schema\", \"Full\", \"Incremental\"].");
            return Fallback;
        }

        var types = MigrationTypes.None;
        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string at = DefinitionFaults.Child(path, index++);
            if (item.ValueKind != JsonValueKind.String)
            {
                faults.Add(at, DefinitionFaults.Show(item), "The value must be a text.", $"Use one of: {string.Join(", ", SingleTypes)}.");
                continue;
            }

            MigrationTypes type = JsonMembers.Word(item.GetString()!, at, SingleTypes, faults, MigrationTypes.None);
            if (type != MigrationTypes.None && types.HasFlag(type))
            {
                faults.Add(at, DefinitionFaults.Show(item), "The type stands twice.", "Keep one of them.");
            }

            types |= type;
        }

        return index > 0 && types == MigrationTypes.None ? Fallback : types;
    }

    private static List<DatabaseSelection> ReadObjects(JsonMembers root)
    {
        const string Example = "{ \"shop\": { \"all\": true } }";
        var selection = new List<DatabaseSelection>();
        if (root.Object("objects", known: null, Example) is not { } databases)
        {
            return selection;
        }

        foreach (string name in databases.Names)
        {
            databases.Require(name, "Write { \"all\": true } or name its tables.");
            if (databases.Object(name, TaskMembers.Database, "{ \"all\": true }") is { } database)
            {
                selection.Add(new DatabaseSelection(name, database.Text("to") ?? name, database.Flag("all", false), ReadTables(database)));
            }
        }

        return selection;
    }

    private static List<TableSelection> ReadTables(JsonMembers database)
    {
        var selection = new List<TableSelection>();
        if (database.Object("tables", known: null, "{ \"orders\": {}, \"client\": { \"to\": \"customer\" } }") is not { } tables)
        {
            return selection;
        }

        foreach (string name in tables.Names)
        {
            tables.Require(name, "Write {} or { \"to\": \"new_name\" }.");
            if (tables.Object(name, TaskMembers.Table, "{} or { \"to\": \"new_name\" }") is { } table)
            {
                selection.Add(new TableSelection(name, table.Text("to") ?? name));
            }
        }

        return selection;
    }

    private static TaskOptions ReadOptions(JsonMembers root)
    {
        var defaults = new TaskOptions();
        if (root.Object("options", TaskMembers.Options, "{ \"copyThreads\": 4 }") is not { } options)
        {
            return defaults;
        }

        return new TaskOptions
        {
            RetryFailedConnectionsMinutes = (int)options.Number(TaskOptionRange.RetryFailedConnectionsMinutes, defaults.RetryFailedConnectionsMinutes),
            RetryOtherIssuesMinutes = (int)options.Number(TaskOptionRange.RetryOtherIssuesMinutes, defaults.RetryOtherIssuesMinutes),
            CopyThreads = (int)options.Number(TaskOptionRange.CopyThreads, defaults.CopyThreads),
            ChunkBytes = options.Number(TaskOptionRange.ChunkBytes, defaults.ChunkBytes),
            DestinationBinlog = options.Flag("destinationBinlog", defaults.DestinationBinlog),
            LateIndexes = options.Word("lateIndexes", defaults.LateIndexes),
            ReplicaServerId = (uint)options.Number(TaskOptionRange.ReplicaServerId, defaults.ReplicaServerId),
            Throttle = ReadThrottle(options),
        };
    }

    private static ThrottleLimits ReadThrottle(JsonMembers options) =>
        options.Object("throttle", TaskMembers.Throttle, "{ \"fullRowsPerSecond\": 10000 }") is not { } throttle
            ? ThrottleLimits.None
            : new ThrottleLimits
            {
                FullQueriesPerSecond = throttle.Number(TaskOptionRange.FullQueriesPerSecond, 0),
                FullRowsPerSecond = throttle.Number(TaskOptionRange.FullRowsPerSecond, 0),
                FullMegabytesPerSecond = throttle.Number(TaskOptionRange.FullMegabytesPerSecond, 0),
                IncrementalRowsPerSecond = throttle.Number(TaskOptionRange.IncrementalRowsPerSecond, 0),
                IncrementalMegabytesPerSecond = throttle.Number(TaskOptionRange.IncrementalMegabytesPerSecond, 0),
            };
}
