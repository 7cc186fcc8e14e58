using System.Text.Json;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>The engine's console host, started as anybody would start it.</summary>
internal sealed class WorkerProgram
{
    private const string AssemblyName = "dtsmigrate.dll";

    private readonly ToolCommand _command;

    /// <param name="path">Its assembly or its executable; null for what was built with this program.</param>
    /// <exception cref="UsageException">It is not there.</exception>
    public WorkerProgram(string? path)
    {
        var file = path ?? FindBuilt();
        if (!File.Exists(file))
        {
            throw new UsageException($"There is no worker at {file}.");
        }

        _command = file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? new ToolCommand("dotnet", [file]) : new ToolCommand(file);
    }

    /// <summary>How it is started.</summary>
    public ToolCommand Command => _command;

    /// <summary>Copies the database of the benchmarks: schema and rows.</summary>
    /// <param name="arena">Servers.</param>
    /// <param name="name">Name of the task.</param>
    /// <param name="options">Options of the task.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<WorkerResult> CopyAsync(Arena arena, string name, TaskOptions options, CancellationToken cancellationToken)
    {
        var task = new MigrationTask
        {
            Name = name,
            Source = Connection(arena.Source),
            Destination = Connection(arena.Destination),
            MigrationTypes = MigrationTypes.Schema | MigrationTypes.Full,
            Objects = [new DatabaseSelection(Data.DataSet.Database, Data.DataSet.Database, All: true, [])],
            Options = options,
        };
        var file = Path.Combine(arena.Folder, name + ".json");
        await File.WriteAllTextAsync(file, TaskDefinitionWriter.ToJson(task), cancellationToken);
        var output = await _command.RunAsync(["run", file, "--home", Path.Combine(arena.Folder, name + ".home"), "--json"], null, cancellationToken);
        var last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return JsonSerializer.Deserialize<WorkerResult>(last, JsonSerializerOptions.Web) ?? throw new InvalidOperationException("the worker told nothing");
    }

    /// <summary>Without TLS, as all contenders: the old client library of mydumper would not ask for it by itself.</summary>
    private static ConnectionDefinition Connection(MySqlServer server) => new()
    {
        Host = server.Host,
        Port = server.Port,
        User = server.User,
        Password = new PasswordReference { Empty = true },
        Tls = TlsMode.Disabled,
    };

    private static string FindBuilt()
    {
        var output = AppContext.BaseDirectory;
        var configuration = output.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";
        for (var folder = output; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var file = Path.Combine(folder, "src", "DtsMigrate.Worker", "bin", configuration, "net10.0", AssemblyName);
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new UsageException("The worker is not built; --worker names one.");
    }
}
