using System.Net;
using System.Net.Sockets;

namespace DtsMigrate.Testing;

/// <summary>
/// A server on loopback that does what a script says, packet by packet: half packets, wrong numbers, unasked requests, silence. Its
/// framing is its own, so that a fault of the product's framing shows.
/// </summary>
public sealed class FakeMySqlServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<FakeConnection, Task> _script;
    private readonly List<Task> _connections = [];
    private readonly List<Exception> _faults = [];
    private readonly Task _accepting;
    private int _accepted;

    private FakeMySqlServer(Func<FakeConnection, Task> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The host to connect to.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>The port to connect to.</summary>
    public int Port { get; }

    /// <summary>Connections taken so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Starts a server that runs the script once per connection; <see cref="FakeConnection.Number"/> tells them apart. The connection closes when the script returns.</summary>
    public static FakeMySqlServer Start(Func<FakeConnection, Task> script) => new(script);

    /// <summary>Starts a server that logs everybody in and then runs the script.</summary>
    public static FakeMySqlServer StartLoggedIn(Func<FakeConnection, Task> script) => new(async connection =>
    {
        await connection.LogInAsync(new FakeGreeting());
        await script(connection);
    });

    /// <summary>Closes everything.</summary>
    /// <exception cref="AggregateException">A script failed by itself, not because the client went away.</exception>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
        if (_faults.Count > 0)
        {
            throw new AggregateException(_faults);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_end.Token);
                _connections.Add(ServeAsync(client, Interlocked.Increment(ref _accepted)));
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server is being disposed.
        }
    }

    private async Task ServeAsync(Socket client, int number)
    {
        using var connection = new FakeConnection(client, number, _end.Token);
        try
        {
            await _script(connection);
            connection.Close();
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went away or the server is being disposed; both are part of many scripts.
        }
        catch (Exception fault)
        {
            lock (_faults)
            {
                _faults.Add(fault);
            }
        }
    }
}
