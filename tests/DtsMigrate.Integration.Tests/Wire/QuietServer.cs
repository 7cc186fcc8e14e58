using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

/// <summary>A server that only the tests of one class write to, one after the other: what its binary log holds can be counted.</summary>
public sealed class QuietServer : IAsyncLifetime
{
    private MySqlServer? _server;

    public Task<MySqlSession> ConnectAsync() => WireServer.ConnectAsync(WireServer.Options(_server!));

    public async Task InitializeAsync() => _server = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "quiet" }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
