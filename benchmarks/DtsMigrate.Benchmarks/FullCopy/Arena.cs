using System.Globalization;
using DtsMigrate.Benchmarks.Data;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>The two servers on which every contender runs, and a folder that both can reach.</summary>
internal sealed class Arena : IAsyncDisposable
{
    // Where the engine keeps its progress on a destination.
    private const string CheckpointDatabase = "dts_migrate";

    private const string DirtyPages = "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty';";

    // An idle server dirties a few now and then.
    private const int FewPages = 100;

    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(5);

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
    /// <param name="more">Server settings over those of the benchmarks.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MySqlUnavailableException">There is no MySQL on this machine.</exception>
    public static async Task<Arena> StartAsync(IReadOnlyDictionary<string, string?> more, CancellationToken cancellationToken)
    {
        var arena = new Arena(Directory.CreateTempSubdirectory("dtsmigrate-bench-"));
        try
        {
            foreach (var name in new[] { "source", "destination" })
            {
                arena._servers.Add(await MySqlServer.StartAsync(arena.Options(name, more), cancellationToken));
            }

            return arena;
        }
        catch
        {
            await arena.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Takes away what the contender before has left on the destination, and waits until the server has written what it still owed to the disk: nobody should pay for
    /// somebody else's pages.
    /// </summary>
    /// <exception cref="TimeoutException">It still writes after minutes.</exception>
    public async Task ResetDestinationAsync(CancellationToken cancellationToken)
    {
        await Destination.RunSqlAsync(
            $"SET sql_log_bin=0; DROP DATABASE IF EXISTS {DataSet.Database}; DROP DATABASE IF EXISTS {CheckpointDatabase}; FLUSH BINARY LOGS; PURGE BINARY LOGS BEFORE NOW();",
            cancellationToken);
        await SettleAsync(cancellationToken);
    }

    /// <summary>Waits until the destination has written what it still owed to the disk.</summary>
    /// <exception cref="TimeoutException">It still writes after minutes.</exception>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await Destination.RunSqlAsync("SET GLOBAL innodb_max_dirty_pages_pct=0;", cancellationToken);
        await WaitFor.ConditionAsync(
            async token => long.Parse((await Destination.RunSqlAsync(DirtyPages, token)).Split('\t', '\n')[1], CultureInfo.InvariantCulture) <= FewPages,
            SettleLimit,
            "the destination to write its pages",
            cancellationToken);
        await Destination.RunSqlAsync("SET GLOBAL innodb_max_dirty_pages_pct=DEFAULT;", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Durable, as in production, and with room in memory for the data; the defaults of test servers are neither.</summary>
    private MySqlServerOptions Options(string name, IReadOnlyDictionary<string, string?> more) => new()
    {
        Name = name,
        Settings = new Dictionary<string, string?>(new Dictionary<string, string?>
        {
            ["innodb-buffer-pool-size"] = "1G",
            ["innodb-flush-log-at-trx-commit"] = "1",
            ["sync-binlog"] = "1",
            ["loose-innodb-redo-log-capacity"] = null,
            ["secure-file-priv"] = Folder,

            // Newer servers explain as TREE by default, which older dumpers do not understand.
            ["loose-explain-format"] = "TRADITIONAL",
        }.Where(setting => !more.ContainsKey(setting.Key)).Concat(more)),
    };
}
