namespace DtsMigrate.Testing;

/// <summary>
/// A source and a destination that all test classes of a process share, started by the first one that asks: starting servers
/// costs seconds. Tests keep apart by database names. Servers that a test restarts, kills or configures are not for sharing.
/// </summary>
public static class SharedServers
{
    private static readonly Lazy<Task<MySqlServer>> SourceServer = Start("source");
    private static readonly Lazy<Task<MySqlServer>> DestinationServer = Start("destination");
    private static int _lastDatabase;

    /// <summary>The shared source. Do not dispose it.</summary>
    public static Task<MySqlServer> SourceAsync(CancellationToken cancellationToken) => SourceServer.Value.WaitAsync(cancellationToken);

    /// <summary>The shared destination. Do not dispose it.</summary>
    public static Task<MySqlServer> DestinationAsync(CancellationToken cancellationToken) => DestinationServer.Value.WaitAsync(cancellationToken);

    /// <summary>Both, started side by side.</summary>
    public static async Task<(MySqlServer Source, MySqlServer Destination)> PairAsync(CancellationToken cancellationToken)
    {
        var destination = DestinationAsync(cancellationToken);
        return (await SourceAsync(cancellationToken), await destination);
    }

    /// <summary>A database name that no other test of this process uses.</summary>
    public static string NewDatabaseName(string prefix) => $"{prefix}_{Interlocked.Increment(ref _lastDatabase)}";

    // The start belongs to no single test, so no test's token may cancel it.
    private static Lazy<Task<MySqlServer>> Start(string name) => new(() => Task.Run(async () =>
    {
        var server = await MySqlServer.StartAsync(new MySqlServerOptions { Name = name }, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Abandon();
        return server;
    }));
}
