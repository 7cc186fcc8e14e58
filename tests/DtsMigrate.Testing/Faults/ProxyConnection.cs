using System.Buffers;
using System.Net.Sockets;

namespace DtsMigrate.Testing;

/// <summary>One client's connection and the connection to the server behind it.</summary>
internal sealed class ProxyConnection : IDisposable
{
    private const int BufferLength = 64 * 1024;

    private readonly FaultProxy _proxy;
    private readonly Socket _client;
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    internal ProxyConnection(FaultProxy proxy, Socket client)
    {
        _proxy = proxy;
        _client = client;
        _client.NoDelay = true;
    }

    /// <summary>Copies both ways until both sides are done or the connection is reset.</summary>
    internal async Task RunAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            await _server.ConnectAsync(host, port, cancellationToken);
            await Task.WhenAll(
                PumpAsync(_client, _server, ProxyDirection.ToServer, cancellationToken),
                PumpAsync(_server, _client, ProxyDirection.ToClient, cancellationToken));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side broke or a fault was asked for: the other side sees a reset too.
            Reset();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Breaks both sides with RST, as a crashed peer or a firewall does.</summary>
    internal void Reset()
    {
        Break(_client);
        Break(_server);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private static void Break(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already: nothing is left to reset.
        }

        // Without the zero an operation under way would be ended by a shutdown, and the peer would see an orderly end.
        socket.Close(0);
    }

    private async Task PumpAsync(Socket from, Socket to, ProxyDirection direction, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            int length;
            while ((length = await from.ReceiveAsync(buffer.AsMemory(), cancellationToken)) > 0)
            {
                await ForwardAsync(to, buffer.AsMemory(0, length), direction, cancellationToken);
            }

            // End of one direction is no end of the other (half-closed connection).
            await _proxy.Gate.PassAsync(direction, 0, cancellationToken);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other direction would wait for ever.
            Reset();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task ForwardAsync(Socket to, ReadOnlyMemory<byte> bytes, ProxyDirection direction, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var (allowed, pause, sprung) = await _proxy.Gate.PassAsync(direction, bytes.Length, cancellationToken);
            var piece = bytes[..allowed];
            while (!piece.IsEmpty)
            {
                piece = piece[await to.SendAsync(piece, cancellationToken)..];
            }

            _proxy.Count(direction, allowed);
            bytes = bytes[allowed..];
            if (sprung is not null)
            {
                _proxy.ResetAll();
                sprung.TrySetResult();
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, _proxy.Time, cancellationToken);
            }
        }
    }
}
