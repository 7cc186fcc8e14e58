using System.Net.Sockets;

namespace DtsMigrate.Testing;

/// <summary>
/// The first packet of a MySQL server: a server that sends it accepts clients (Protocol::HandshakeV10). Needs no account.
/// </summary>
internal static class Greeting
{
    private const int HeaderLength = 4;
    private const byte ProtocolVersion = 10;

    internal static async Task<bool> IsServedAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, cancellationToken);
            var head = new byte[HeaderLength + 1];
            await client.GetStream().ReadExactlyAsync(head, cancellationToken);
            return head[HeaderLength] == ProtocolVersion;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // Not listening yet, or a proxy of a container that has no server behind it yet.
            return false;
        }
    }
}
