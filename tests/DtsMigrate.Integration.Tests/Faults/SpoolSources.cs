using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Faults;

/// <summary>Two sources that purge their binary logs, one with GTIDs and one without, started by the first test that asks.</summary>
public sealed class SpoolSources : IAsyncLifetime
{
    private readonly Dictionary<bool, MySqlServer> _servers = [];

    /// <summary>The one with GTIDs, or the one without.</summary>
    public async Task<MySqlServer> StartAsync(bool gtid, CancellationToken cancellationToken, string compression = "OFF")
    {
        if (!_servers.TryGetValue(gtid, out var server))
        {
            _servers[gtid] = server = await MySqlServer.StartAsync(new MySqlServerOptions { Name = gtid ? "spooled" : "spooled-files", Gtid = gtid }, cancellationToken);
        }

        await server.RunSqlAsync($"SET GLOBAL binlog_transaction_compression={compression}; SET GLOBAL binlog_expire_logs_seconds=DEFAULT;", cancellationToken);
        return server;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}
