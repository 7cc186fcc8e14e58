using System.Text.Json;
using DtsMigrate.Testing;

namespace DtsMigrate.TestServers;

/// <summary>Some servers by name.</summary>
internal sealed class ServerSet : IAsyncDisposable
{
    private readonly Dictionary<string, MySqlServer> _servers;

    private ServerSet(Dictionary<string, MySqlServer> servers) => _servers = servers;

    /// <summary>Where they are.</summary>
    public IEnumerable<ServerAddress> Addresses => _servers.Select(server => new ServerAddress(server.Key, server.Value.Host, server.Value.Port, server.Value.User));

    /// <summary>Starts them side by side.</summary>
    public static async Task<ServerSet> StartAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        Task<MySqlServer>[] starts = [.. names.Select(name => MySqlServer.StartAsync(new MySqlServerOptions { Name = name }, cancellationToken))];
        await Task.WhenAll(starts);
        return new ServerSet(starts.Select(start => start.Result).ToDictionary(server => server.Name));
    }

    /// <summary>Runs one request.</summary>
    public async Task<string> AnswerAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            SqlRequest request = JsonSerializer.Deserialize<SqlRequest>(line, JsonSerializerOptions.Web)!;
            string output = await _servers[request.Server].RunSqlAsync(request.Sql, cancellationToken);
            return JsonSerializer.Serialize(new { ok = true, output });
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException or KeyNotFoundException)
        {
            return JsonSerializer.Serialize(new { ok = false, output = e.Message });
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MySqlServer server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}
