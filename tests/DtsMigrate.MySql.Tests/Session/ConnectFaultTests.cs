using System.Net;
using System.Net.Sockets;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Session;

public sealed class ConnectFaultTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(1040, true)]
    [InlineData(1129, false)]
    [InlineData(1130, false)]
    public async Task A_refusal_before_the_greeting_is_the_servers_error(int errno, bool transient)
    {
        await using var server = FakeMySqlServer.Start(c => c.SendAsync(FakePackets.EarlyErr((ushort)errno, "refused")));

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => FakeServerSession.ConnectAsync(server));

        Assert.Equal((errno, transient), (error.Errno, error.IsTransient));
    }

    [Fact]
    public async Task A_late_greeting_is_a_connect_timeout()
    {
        await using var server = FakeMySqlServer.Start(c => c.SilenceAsync());

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(
            () => FakeServerSession.ConnectAsync(FakeServerSession.Options(server) with { ConnectTimeout = Short }));

        Assert.Equal(("ConnectTimeout", true), (error.Code, error.IsTransient));
    }

    [Fact]
    public async Task A_silence_during_authentication_is_a_connect_timeout_too()
    {
        await using var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendAsync(new FakeGreeting().ToPayload());
            await c.SilenceAsync();
        });

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(
            () => FakeServerSession.ConnectAsync(FakeServerSession.Options(server) with { ConnectTimeout = Short }));

        Assert.Equal("ConnectTimeout", error.Code);
    }

    [Fact]
    public async Task Cancelling_the_connect_is_a_cancellation()
    {
        await using var server = FakeMySqlServer.Start(c => c.SilenceAsync());
        using var cancel = new CancellationTokenSource(Short);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => MySqlSession.ConnectAsync(FakeServerSession.Options(server), TimeProvider.System, cancel.Token));
    }

    [Fact]
    public async Task Half_a_greeting_and_then_the_end_is_a_lost_connection()
    {
        byte[] greeting = new FakeGreeting().ToPayload();
        await using var server = FakeMySqlServer.Start(c => c.SendRawAsync((byte[])[(byte)greeting.Length, 0, 0, 0, .. greeting[..20]]));

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => FakeServerSession.ConnectAsync(server));

        Assert.Equal(("ConnectionLost", true), (error.Code, error.IsTransient));
    }

    [Fact]
    public async Task A_reset_is_a_lost_connection()
    {
        await using var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendAsync(new FakeGreeting().ToPayload());
            await c.ReceiveAsync();
            c.Reset();
        });

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => FakeServerSession.ConnectAsync(server));

        Assert.Equal("ConnectionLost", error.Code);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\0\0\0\0")]
    public async Task A_server_that_is_no_MySQL_is_an_error_of_the_family(string garbage)
    {
        await using var server = FakeMySqlServer.Start(c => c.SendRawAsync(System.Text.Encoding.ASCII.GetBytes(garbage)));

        await Assert.ThrowsAnyAsync<DtsMigrateException>(() => FakeServerSession.ConnectAsync(server));
    }

    [Fact]
    public async Task A_port_nobody_listens_on_is_unreachable()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var options = new MySqlSessionOptions { Host = "127.0.0.1", Port = ((IPEndPoint)taken.LocalEndPoint!).Port, User = "u" };

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => FakeServerSession.ConnectAsync(options));

        Assert.Equal(("ServerUnreachable", true), (error.Code, error.IsTransient));
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_an_unknown_host()
    {
        var error = await Assert.ThrowsAsync<MySqlConnectionException>(
            () => FakeServerSession.ConnectAsync(new MySqlSessionOptions { Host = "no-such-host.invalid", User = "u" }));

        Assert.Equal("HostUnknown", error.Code);
    }

    [Theory]
    [InlineData(TlsMode.Required)]
    [InlineData(TlsMode.VerifyCA)]
    [InlineData(TlsMode.VerifyFull)]
    public async Task A_server_without_TLS_gets_no_password_when_TLS_is_demanded(TlsMode mode)
    {
        bool answered = false;
        await using var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendAsync(new FakeGreeting().ToPayload());
            await c.ReceiveAsync();
            answered = true;
        });

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(
            () => FakeServerSession.ConnectAsync(FakeServerSession.Options(server) with { Tls = mode }));

        Assert.Equal(("TlsUnavailable", false), (error.Code, error.IsTransient));
        Assert.False(answered);
    }

    [Fact]
    public async Task A_server_that_offers_TLS_and_fails_it_is_not_talked_to_in_the_clear()
    {
        var received = new List<byte[]>();
        await using (var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendAsync(new FakeGreeting { Capabilities = FakeGreeting.Usual | FakeGreeting.Ssl }.ToPayload());
            received.Add(await c.ReceiveAsync());
            await c.SendRawAsync(new byte[200]);
        }))
        {
            var error = await Assert.ThrowsAsync<MySqlConnectionException>(
                () => FakeServerSession.ConnectAsync(FakeServerSession.Options(server) with { Tls = TlsMode.Preferred }));
            Assert.Contains(error.Code, (string[])["TlsFailed", "ConnectionLost"]);
        }

        // The SSLRequest alone: no user name, no password.
        Assert.Equal(32, Assert.Single(received).Length);
    }

    [Fact]
    public async Task Data_slipped_in_before_TLS_is_refused()
    {
        await using var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendAsync(new FakeGreeting { Capabilities = FakeGreeting.Usual | FakeGreeting.Ssl }.ToPayload(), FakePackets.Ok());
            await c.SilenceAsync();
        });

        await Assert.ThrowsAsync<MySqlProtocolException>(
            () => FakeServerSession.ConnectAsync(FakeServerSession.Options(server) with { Tls = TlsMode.Required }));
    }

    [Fact]
    public async Task A_CA_file_that_cannot_be_read_is_named_before_anything_is_sent()
    {
        await using var server = FakeMySqlServer.Start(c => c.SilenceAsync());

        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => FakeServerSession.ConnectAsync(
            FakeServerSession.Options(server) with { Tls = TlsMode.VerifyCA, TlsCaFile = "/no/such/ca.pem" }));

        Assert.Equal(("TlsCaUnreadable", false), (error.Code, error.IsTransient));
        Assert.Contains("/no/such/ca.pem", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public async Task An_oversized_packet_from_a_stranger_is_refused_before_it_is_read()
    {
        await using var server = FakeMySqlServer.Start(async c =>
        {
            await c.SendRawAsync((byte[])[0xFF, 0xFF, 0xFF, 0]);
            await c.SilenceAsync();
        });

        await Assert.ThrowsAsync<MySqlProtocolException>(() => FakeServerSession.ConnectAsync(server));
    }
}
