using System.Net;
using System.Net.Sockets;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Session;

/// <summary>Resolves a host and opens the TCP connection, address by address.</summary>
internal static class SocketConnector
{
    private const int KeepAliveSeconds = 30;
    private const int KeepAliveIntervalSeconds = 10;
    private const int KeepAliveRetries = 6;

    /// <summary>Cancellation surfaces as <see cref="OperationCanceledException"/>; the caller knows whether it was a time limit.</summary>
    public static async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                KeepAlive(socket);
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException fault) when (!cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
                last = fault;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new MySqlConnectionException("ServerUnreachable", $"No MySQL server can be reached at {host}:{port}: {last!.Message}", last)
        {
            RecommendedAction = "Check host, port, firewall and that the server is running.",
        };
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
            return addresses.Length > 0 ? addresses : throw Unknown(host, null);
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            throw Unknown(host, fault);
        }
    }

    private static MySqlConnectionException Unknown(string host, Exception? fault) =>
        new("HostUnknown", $"The host name {host} does not resolve to an address.", fault) { RecommendedAction = "Check the name and the resolver of this machine." };

    // Half an hour of silence under a long ALTER must not look like a dead peer, and a dead peer must not look like silence.
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
    }
}
