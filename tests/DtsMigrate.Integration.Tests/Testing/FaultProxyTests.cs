using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Testing;

public sealed class FaultProxyTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Bytes_pass_both_ways_and_are_counted()
    {
        await using var echo = new EchoServer();
        await using var proxy = FaultProxy.Start("127.0.0.1", echo.Port);
        using var client = await ConnectAsync(proxy);
        var sent = new byte[300_000];
        Random.Shared.NextBytes(sent);

        var received = new byte[sent.Length];
        await Task.WhenAll(SendAsync(client, sent), ReceiveAsync(client, received));

        Assert.Equal(sent, received);
        Assert.Equal(sent.Length, proxy.BytesToServer);
        Assert.Equal(sent.Length, proxy.BytesToClient);
        Assert.Equal(1, proxy.ConnectionsAccepted);
        Assert.Equal(1, proxy.ConnectionsOpen);
    }

    [Fact]
    public async Task End_of_one_direction_reaches_the_other_side()
    {
        await using var echo = new EchoServer();
        await using var proxy = FaultProxy.Start("127.0.0.1", echo.Port);
        using var client = await ConnectAsync(proxy);

        var answer = new byte[4];
        await SendAsync(client, "last"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);

        await ReceiveAsync(client, answer);
        Assert.Equal("last"u8.ToArray(), answer);
        Assert.Equal(0, await client.ReceiveAsync(answer).WaitAsync(Deadline));
        await WaitFor.ConditionAsync(() => proxy.ConnectionsOpen == 0, Deadline, "the connection's end", None);
    }

    [Fact]
    public async Task A_stalled_proxy_accepts_and_forwards_nothing_until_it_goes_on()
    {
        await using var echo = new EchoServer();
        await using var proxy = FaultProxy.Start("127.0.0.1", echo.Port);
        using var before = await ConnectAsync(proxy);
        await EchoAsync(before, 1);

        proxy.Stall();
        using var during = await ConnectAsync(proxy);
        await SendAsync(before, new byte[] { 2 });
        await SendAsync(during, new byte[] { 3 });
        var first = before.ReceiveAsync(new byte[1]);
        var second = during.ReceiveAsync(new byte[1]);
        var early = await Task.WhenAny(first, second, Task.Delay(Quiet));
        Assert.False(first.IsCompleted || second.IsCompleted, $"a byte came through: {early.Status}");
        Assert.Equal(1, proxy.BytesToServer);

        await proxy.NormalAsync(None);
        Assert.Equal(1, await first.WaitAsync(Deadline));
        Assert.Equal(1, await second.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_reset_breaks_open_connections_and_serves_new_ones()
    {
        await using var echo = new EchoServer();
        await using var proxy = FaultProxy.Start("127.0.0.1", echo.Port);
        using var broken = await ConnectAsync(proxy);
        await EchoAsync(broken, 1);

        proxy.ResetAll();

        await AssertResetAsync(broken);
        Assert.Equal(1, proxy.ConnectionsReset);
        using var next = await ConnectAsync(proxy);
        await EchoAsync(next, 2);
    }

    [Theory]
    [InlineData(ProxyDirection.ToServer)]
    [InlineData(ProxyDirection.ToClient)]
    public async Task A_reset_after_bytes_lets_exactly_these_pass_first(ProxyDirection direction)
    {
        const int limit = 100_000;
        await using var echo = new EchoServer();
        await using var proxy = FaultProxy.Start("127.0.0.1", echo.Port);
        using var client = await ConnectAsync(proxy);
        await EchoAsync(client, 1);

        var sprung = proxy.ResetAfterBytes(direction, limit);
        var ends = await Task.WhenAll(EndOfAsync(client, WriteForeverAsync), EndOfAsync(client, ReadToEndAsync));

        // The kernel reports a reset once: to the reader or to the writer.
        Assert.Contains(SocketError.ConnectionReset, ends);
        await sprung.WaitAsync(Deadline);
        Assert.Equal(1 + limit, direction == ProxyDirection.ToServer ? proxy.BytesToServer : proxy.BytesToClient);
        using var next = await ConnectAsync(proxy);
        await EchoAsync(next, 2);
    }

    [Fact]
    public async Task A_trap_that_never_springs_is_cancelled_by_normal()
    {
        await using var echo = new EchoServer();
        await using var proxy = FaultProxy.Start("127.0.0.1", echo.Port);

        var sprung = proxy.ResetAfterBytes(ProxyDirection.ToClient, 10);
        await proxy.NormalAsync(None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sprung);
    }

    [Fact]
    public async Task A_refusing_proxy_comes_back_on_its_port()
    {
        await using var echo = new EchoServer();
        await using var proxy = FaultProxy.Start("127.0.0.1", echo.Port);
        using var kept = await ConnectAsync(proxy);
        await EchoAsync(kept, 1);

        await proxy.RefuseAsync(keepExisting: true, None);
        var refused = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(proxy));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await EchoAsync(kept, 2);

        await proxy.RefuseAsync(keepExisting: false, None);
        await AssertResetAsync(kept);
        await proxy.NormalAsync(None);
        using var next = await ConnectAsync(proxy);
        await EchoAsync(next, 3);
    }

    [Fact]
    public async Task A_slow_proxy_keeps_to_its_rate()
    {
        await using var echo = new EchoServer();
        await using var proxy = FaultProxy.Start("127.0.0.1", echo.Port);
        using var client = await ConnectAsync(proxy);
        proxy.Slow(bytesPerSecond: 20_000);

        var clock = Stopwatch.StartNew();
        var received = new byte[10_000];
        await SendAsync(client, new byte[received.Length]);
        await ReceiveAsync(client, received);

        // Half a second at this rate; the last slice is not waited for. A busy machine only makes it slower.
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.4), Deadline);
    }

    [Fact]
    public async Task A_client_of_an_absent_server_is_reset()
    {
        using var absent = PortReservation.Take(0);
        await using var proxy = FaultProxy.Start("127.0.0.1", absent.Port);

        // The reset may come before the client has noticed that it is connected.
        var error = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var client = await ConnectAsync(proxy);
            await client.ReceiveAsync(new byte[1]).WaitAsync(Deadline);
        });

        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_real_session_breaks_and_the_next_one_works()
    {
        var server = await SharedServers.SourceAsync(None);
        await using var proxy = FaultProxy.Start(server);
        var client = server.Binaries.Mysql!;
        string[] arguments = [.. server.ClientArguments("--skip-column-names").Where(a => !a.StartsWith("--port", StringComparison.Ordinal)), $"--port={proxy.Port}"];

        var sprung = proxy.ResetAfterBytes(ProxyDirection.ToClient, 20_000);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.RunAsync(arguments, "SELECT REPEAT('x', 100000);", None));

        await sprung.WaitAsync(Deadline);
        Assert.Equal(100_000, (await client.RunAsync(arguments, "SELECT REPEAT('x', 100000);", None)).Trim().Length);
    }

    private static async Task<Socket> ConnectAsync(FaultProxy proxy)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await client.ConnectAsync(proxy.Host, proxy.Port);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes).AsTask().WaitAsync(Deadline)..];
        }
    }

    private static async Task ReceiveAsync(Socket client, Memory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var length = await client.ReceiveAsync(bytes).AsTask().WaitAsync(Deadline);
            Assert.NotEqual(0, length);
            bytes = bytes[length..];
        }
    }

    private static async Task EchoAsync(Socket client, byte value)
    {
        var answer = new byte[1];
        await SendAsync(client, new[] { value });
        await ReceiveAsync(client, answer);
        Assert.Equal(value, answer[0]);
    }

    private static async Task WriteForeverAsync(Socket client)
    {
        while (true)
        {
            await SendAsync(client, new byte[8192]);
        }
    }

    private static async Task ReadToEndAsync(Socket client)
    {
        var block = new byte[8192];
        while (await client.ReceiveAsync(block).WaitAsync(Deadline) > 0)
        {
            // What had passed before the reset.
        }
    }

    private static async Task AssertResetAsync(Socket client) =>
        Assert.Equal(SocketError.ConnectionReset, await EndOfAsync(client, ReadToEndAsync));

    /// <summary>Runs <paramref name="use"/> until the connection ends and returns how it ended.</summary>
    private static async Task<SocketError> EndOfAsync(Socket client, Func<Socket, Task> use)
    {
        try
        {
            await use(client);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    /// <summary>Sends back what it receives.</summary>
    private sealed class EchoServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _running;

        public EchoServer()
        {
            _listener.Start();
            _running = RunAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _running;
            _listener.Dispose();
            _end.Dispose();
        }

        private static async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
        {
            using (client)
            {
                try
                {
                    await client.GetStream().CopyToAsync(client.GetStream(), cancellationToken);
                }
                catch (Exception e) when (e is IOException or OperationCanceledException)
                {
                    // The test broke the connection or is over.
                }
            }
        }

        private async Task RunAsync()
        {
            var clients = new List<Task>();
            try
            {
                while (true)
                {
                    clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token), _end.Token));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(clients);
            }
        }
    }
}
