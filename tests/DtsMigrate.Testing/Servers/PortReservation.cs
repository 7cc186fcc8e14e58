using System.Net;
using System.Net.Sockets;

namespace DtsMigrate.Testing;

/// <summary>
/// Holds a loopback port without listening on it: connections are refused, and nobody else is given the port. So a server that
/// was stopped finds its port free when it comes back.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private readonly Socket _socket;

    private PortReservation(Socket socket)
    {
        _socket = socket;
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    internal int Port { get; }

    /// <summary>Reserves <paramref name="port"/>; 0 lets the operating system choose one.</summary>
    internal static PortReservation Take(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Connections of the last holder may still linger in TIME_WAIT.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !OperatingSystem.IsWindows());
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return new PortReservation(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Turns the reservation into a listener, with no moment in which the port is free.</summary>
    internal Socket Listen()
    {
        _socket.Listen();
        return _socket;
    }

    public void Dispose() => _socket.Dispose();
}
