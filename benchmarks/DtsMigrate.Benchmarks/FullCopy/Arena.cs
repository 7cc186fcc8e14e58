using System.Diagnostics;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>The two servers on which every contender runs, and a folder that both can reach.</summary>
internal sealed class Arena : IAsyncDisposable
{
    // Where the engine keeps its progress on a destination.
    private const string CheckpointDatabase = "dts_migrate";

    private readonly List<MySqlServer> _servers = [];

    private Arena(DirectoryInfo folder) => Folder = folder.FullName;

    /// <summary>Streams of every contender that takes a number: the engine's default.</summary>
    public static int Streams { get; } = new Engine.Tasks.TaskOptions().CopyThreads;

    /// <summary>Where the data is.</summary>
    public MySqlServer Source => _servers[0];

    /// <summary>Where it goes.</summary>
    public MySqlServer Destination => _servers[1];

    /// <summary>For files of the contenders.</summary>
    public string Folder { get; }

    /// <summary>Starts the servers.</summary>
    /// <exception cref="MySqlUnavailableException">There is no MySQL on this machine.</exception>
    public static async Task<Arena> StartAsync(CancellationToken cancellationToken)
    {
        var arena = new Arena(Directory.CreateTempSubdirectory("dtsmigrate-bench-"));
        try
        {
            foreach (var name in new[] { "source", "destination" })
            {
                arena._servers.Add(await MySqlServer.StartAsync(arena.Options(name), cancellationToken));
            }

            return arena;
        }
        catch
        {
            await arena.DisposeAsync();
            throw;
        }
    }

    /// <summary>CPU seconds that a server has used; null when it runs in a container.</summary>
    public static double? CpuSeconds(MySqlServer server)
    {
        if (server.Pid is not { } pid)
        {
            return null;
        }

        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Takes away what the contender before has left on the destination.</summary>
    public Task ResetDestinationAsync(CancellationToken cancellationToken) =>
        Destination.RunSqlAsync($"DROP DATABASE IF EXISTS {BenchTables.Database}; DROP DATABASE IF EXISTS {CheckpointDatabase};", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Durable, as in production, and with room in memory for the data; the defaults of test servers are neither.</summary>
    private MySqlServerOptions Options(string name) => new()
    {
        Name = name,
        Settings = new Dictionary<string, string?>
        {
            ["innodb-buffer-pool-size"] = "1G",
            ["innodb-flush-log-at-trx-commit"] = "1",
            ["sync-binlog"] = "1",
            ["loose-innodb-redo-log-capacity"] = null,
            ["secure-file-priv"] = Folder,

            // Newer servers explain as TREE by default, which older dumpers do not understand.
            ["loose-explain-format"] = "TRADITIONAL",
        },
    };
}
