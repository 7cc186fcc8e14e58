using DtsMigrate.Integration.Tests.Testing;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>Faults of servers and network, drawn by a seed.</summary>
internal sealed class TortureFaults(TortureServers servers, Random random)
{
    /// <summary>Does one fault to a server or to the network and takes it back. Returns it in words.</summary>
    public async Task<string> StrikeAsync(CancellationToken cancellationToken)
    {
        bool onSource = random.Next(2) == 0;
        MySqlServer server = onSource ? servers.Source : servers.Destination;
        FaultProxy proxy = onSource ? servers.SourceProxy : servers.DestinationProxy;
        string side = onSource ? "source" : "destination";
        ProxyDirection direction = random.Next(2) == 0 ? ProxyDirection.ToServer : ProxyDirection.ToClient;
        switch (random.Next(11))
        {
            case 0:
                await server.KillAsync(cancellationToken);
                await PauseAsync(1500, cancellationToken);
                await server.StartAgainAsync(cancellationToken);
                return $"{side} killed";
            case 1:
                await server.RestartAsync(new Dictionary<string, string?>(), cancellationToken);
                return $"{side} restarted";
            case 2:
                proxy.ResetAll();
                return $"{side} connections reset";
            case 3:
                long bytes = random.Next(1, random.Next(2) == 0 ? 200 : 60_000);
                _ = proxy.ResetAfterBytes(direction, bytes);
                await PauseAsync(800, cancellationToken);
                return $"{side} cut after {bytes} bytes {direction}";
            case 4:
                proxy.Stall();
                await PauseAsync(2500, cancellationToken);
                await proxy.NormalAsync(cancellationToken);
                return $"{side} stalled";
            case 5:
                await proxy.RefuseAsync(random.Next(2) == 0, cancellationToken);
                await PauseAsync(2000, cancellationToken);
                await proxy.NormalAsync(cancellationToken);
                return $"{side} refused connections";
            case 6:
                proxy.Slow(random.Next(3_000, 60_000));
                await PauseAsync(2000, cancellationToken);
                await proxy.NormalAsync(cancellationToken);
                return $"{side} slow";
            case 7:
                await ReadOnlyAsync(cancellationToken);
                return "destination read-only";
            case 8:
                return $"{side}: {await KillSessionsAsync(server, cancellationToken)} sessions killed";
            case 9:
                await server.SuspendAsync(cancellationToken);
                await PauseAsync(2000, cancellationToken);
                await server.ResumeAsync(cancellationToken);
                return $"{side} frozen";
            default:
                await LockAsync(cancellationToken);
                return "destination locked";
        }
    }

    private Task PauseAsync(int milliseconds, CancellationToken cancellationToken) => Task.Delay(random.Next(100, milliseconds), cancellationToken);

    private async Task ReadOnlyAsync(CancellationToken cancellationToken)
    {
        await using MySqlSession session = await MySqlSession.ConnectAsync(TortureServers.Root(servers.Destination), TimeProvider.System, cancellationToken);
        await session.ExecuteAsync("SET GLOBAL super_read_only=ON", cancellationToken);
        await PauseAsync(2500, cancellationToken);
        await session.ExecuteAsync("SET GLOBAL read_only=OFF", cancellationToken);
    }

    private async Task LockAsync(CancellationToken cancellationToken)
    {
        await using MySqlSession session = await MySqlSession.ConnectAsync(TortureServers.Root(servers.Destination), TimeProvider.System, cancellationToken);
        await session.ExecuteAsync("FLUSH TABLES WITH READ LOCK", cancellationToken);
        await PauseAsync(2500, cancellationToken);
        await session.ExecuteAsync("UNLOCK TABLES", cancellationToken);
    }

    private static async Task<int> KillSessionsAsync(MySqlServer server, CancellationToken cancellationToken)
    {
        await using MySqlSession session = await MySqlSession.ConnectAsync(TortureServers.Root(server), TimeProvider.System, cancellationToken);
        return await session.KillAsync($"SELECT ID FROM performance_schema.processlist WHERE USER='{TortureServers.Account}'", cancellationToken);
    }
}
