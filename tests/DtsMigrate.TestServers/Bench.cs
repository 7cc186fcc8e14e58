using System.Globalization;
using System.Text.Json;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;
using DtsMigrate.Testing.Compare;
using DtsMigrate.Testing.Shop;

namespace DtsMigrate.TestServers;

/// <summary>Some servers by name, and what can be done with them by request.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private const int WriterConnections = 3;
    private static readonly TimeSpan WriterPause = TimeSpan.FromMilliseconds(2);

    private readonly Dictionary<string, MySqlServer> _servers;
    private readonly CancellationTokenSource _stop = new();
    private ShopWriter? _writer;
    private Task _writing = Task.CompletedTask;

    private Bench(Dictionary<string, MySqlServer> servers) => _servers = servers;

    /// <summary>Where the servers are.</summary>
    public IEnumerable<ServerAddress> Addresses => _servers.Select(server => new ServerAddress(server.Key, server.Value.Host, server.Value.Port, server.Value.User));

    /// <summary>Starts the servers side by side.</summary>
    public static async Task<Bench> StartAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        Task<MySqlServer>[] starts = [.. names.Select(name => MySqlServer.StartAsync(new MySqlServerOptions { Name = name }, cancellationToken))];
        await Task.WhenAll(starts);
        return new Bench(starts.Select(start => start.Result).ToDictionary(server => server.Name));
    }

    /// <summary>Does what a line asks and answers with a line.</summary>
    public async Task<string> AnswerAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            string output = await DoAsync(JsonSerializer.Deserialize<Request>(line, JsonSerializerOptions.Web)!, cancellationToken);
            return JsonSerializer.Serialize(new { ok = true, output });
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException or KeyNotFoundException or DtsMigrateException)
        {
            return JsonSerializer.Serialize(new { ok = false, output = e.Message });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopWriterAsync();
        _stop.Dispose();
        foreach (MySqlServer server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    private async Task<string> DoAsync(Request request, CancellationToken cancellationToken)
    {
        switch (request.Do)
        {
            case "sql":
                return await _servers[request.Server].RunSqlAsync(request.Sql, cancellationToken);
            case "createShop":
                await using (MySqlSession session = await MySqlSession.ConnectAsync(Options(request.Server), TimeProvider.System, cancellationToken))
                {
                    return (await ShopSchema.CreateAsync(session, request.Database, request.Rows, cancellationToken)).ToString(CultureInfo.InvariantCulture);
                }

            case "startWriter":
                _writer = new ShopWriter(Options(request.Server), request.Database, request.Rows, WriterPause);
                _writing = _writer.RunAsync(WriterConnections, seed: 1, _stop.Token);
                return string.Empty;
            case "stopWriter":
                await StopWriterAsync();
                return (_writer?.Changes ?? 0).ToString(CultureInfo.InvariantCulture);
            case "compare":
                return string.Join('\n', await DatabaseComparer.CompareAsync(
                    Options("source"), request.Database, Options("destination"), request.Destination ?? request.Database, cancellationToken));
            default:
                throw new InvalidOperationException($"'{request.Do}' is not a request.");
        }
    }

    private async Task StopWriterAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    private MySqlSessionOptions Options(string server) => new()
    {
        Host = _servers[server].Host,
        Port = _servers[server].Port,
        User = _servers[server].User,
        Password = Secret.From(_servers[server].Password),
    };
}
