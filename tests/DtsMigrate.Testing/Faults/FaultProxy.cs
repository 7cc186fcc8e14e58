using System.Collections.Concurrent;
using System.Net.Sockets;

namespace DtsMigrate.Testing;

/// <summary>
/// A TCP proxy on loopback in front of a server, with faults that are switched while connections run. The faults act at once on
/// the connections that exist and on those that come.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<ProxyConnection, Task> _connections = new();
    private readonly SemaphoreSlim _switch = new(1, 1);
    private PortReservation? _reservation;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _bytesToServer;
    private long _bytesToClient;
    private long _accepted;
    private long _resets;

    private volatile Tuple<string, int> _target;

    private FaultProxy(string host, int port, TimeProvider time)
    {
        _target = Tuple.Create(host, port);
        Time = time;
        _reservation = PortReservation.Take(0);
        Port = _reservation.Port;
        Listen();
    }

    /// <summary>The host to connect to.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>The port to connect to; it stays the same.</summary>
    public int Port { get; }

    /// <summary>Bytes forwarded to the server so far.</summary>
    public long BytesToServer => Interlocked.Read(ref _bytesToServer);

    /// <summary>Bytes forwarded to clients so far.</summary>
    public long BytesToClient => Interlocked.Read(ref _bytesToClient);

    /// <summary>Connections accepted so far.</summary>
    public long ConnectionsAccepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections broken by <see cref="ResetAll"/> or <see cref="ResetAfterBytes"/> so far.</summary>
    public long ConnectionsReset => Interlocked.Read(ref _resets);

    /// <summary>Connections open now.</summary>
    public int ConnectionsOpen => _connections.Count;

    internal ProxyGate Gate { get; } = new();

    internal TimeProvider Time { get; }

    /// <summary>Starts a proxy in front of <paramref name="host"/> and <paramref name="port"/>.</summary>
    public static FaultProxy Start(string host, int port) => new(host, port, TimeProvider.System);

    /// <summary>Starts a proxy in front of a test server.</summary>
    public static FaultProxy Start(MySqlServer server) => Start(server.Host, server.Port);

    /// <summary>New connections go to another server, as when an address moves to a promoted replica; existing ones are broken.</summary>
    public void MoveTo(MySqlServer server)
    {
        _target = Tuple.Create(server.Host, server.Port);
        ResetAll();
    }

    /// <summary>Ends all lasting faults: listens, forwards, full speed. Broken connections stay broken; a trap is disarmed.</summary>
    public async Task NormalAsync(CancellationToken cancellationToken)
    {
        await _switch.WaitAsync(cancellationToken);
        try
        {
            Gate.Disarm();
            Gate.Open(bytesPerSecond: 0);
            if (_listener is null)
            {
                Listen();
            }
        }
        finally
        {
            _switch.Release();
        }
    }

    /// <summary>Accepts connections and keeps them open, but forwards nothing, either way.</summary>
    public void Stall() => Gate.Close();

    /// <summary>Forwards at most this many bytes per second, for each connection and direction.</summary>
    public void Slow(int bytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        Gate.Open(bytesPerSecond);
    }

    /// <summary>Breaks all connections of this moment with RST; new ones are served.</summary>
    public void ResetAll()
    {
        foreach (var connection in _connections.Keys)
        {
            Interlocked.Increment(ref _resets);
            connection.Reset();
        }
    }

    /// <summary>
    /// Breaks all connections once, when <paramref name="bytes"/> more bytes, counted from now over all connections, have been
    /// forwarded in this direction. The peer may have received fewer: RST discards what is still under way.
    /// </summary>
    /// <returns>Completes when it has happened; is cancelled when <see cref="NormalAsync"/> or another trap comes first.</returns>
    public Task ResetAfterBytes(ProxyDirection direction, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return Gate.Arm(direction, bytes);
    }

    /// <summary>Stops listening, so new connections are refused, and breaks the existing ones unless told to keep them.</summary>
    public async Task RefuseAsync(bool keepExisting, CancellationToken cancellationToken)
    {
        await _switch.WaitAsync(cancellationToken);
        try
        {
            await CloseListenerAsync();
            // Nobody else must get the port meanwhile.
            _reservation ??= PortReservation.Take(Port);
        }
        finally
        {
            _switch.Release();
        }

        if (!keepExisting)
        {
            ResetAll();
        }
    }

    /// <summary>Breaks everything and waits until all connections have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await CloseListenerAsync();
        await Task.WhenAll(_connections.Values);
        Gate.Disarm();
        _reservation?.Dispose();
        _switch.Dispose();
        _end.Dispose();
    }

    internal void Count(ProxyDirection direction, int bytes) =>
        Interlocked.Add(ref direction == ProxyDirection.ToServer ? ref _bytesToServer : ref _bytesToClient, bytes);

    private void Listen()
    {
        _listener = _reservation!.Listen();
        _reservation = null;
        _accepting = AcceptAsync(_listener);
    }

    private async Task CloseListenerAsync()
    {
        _listener?.Dispose();
        _listener = null;
        await _accepting;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Serve(await listener.AcceptAsync(_end.Token));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The listener was closed: by RefuseAsync or at the end.
        }
    }

    private void Serve(Socket client)
    {
        Interlocked.Increment(ref _accepted);
        var connection = new ProxyConnection(this, client);
        var ended = new TaskCompletionSource();
        _connections[connection] = ended.Task;
        _ = RunAsync();

        async Task RunAsync()
        {
            var (host, port) = _target;
            await connection.RunAsync(host, port, _end.Token);
            _connections.TryRemove(connection, out _);
            ended.SetResult();
        }
    }
}
