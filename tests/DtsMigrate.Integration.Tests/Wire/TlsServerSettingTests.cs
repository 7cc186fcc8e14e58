using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.Wire;

/// <summary>Tests that change the server's settings: one server each.</summary>
public sealed class TlsServerSettingTests : IAsyncLifetime, IDisposable
{
    private readonly TlsServer _tls = new();

    private MySqlSessionOptions Options => _tls.Options;

    public Task InitializeAsync() => _tls.InitializeAsync();

    [Fact]
    public async Task A_wrong_name_is_refused_by_VerifyFull_alone_and_an_expired_certificate_by_both()
    {
        await RestartWithAsync(_tls.Trusted.Issue("elsewhere", names => names.AddDnsName("elsewhere.example")));
        var options = Options with { TlsCaFile = _tls.Trusted.CaFile };
        await using (await WireServer.ConnectAsync(options with { Tls = TlsMode.VerifyCA }))
        {
            var wrongName = await TlsServer.FailAsync(options with { Tls = TlsMode.VerifyFull });
            Assert.Contains("is not for 127.0.0.1", wrongName.Message, StringComparison.Ordinal);
        }

        await RestartWithAsync(_tls.Trusted.Issue("expired", TestCertificates.Loopback, expired: true));
        Assert.Contains("NotTimeValid", (await TlsServer.FailAsync(options with { Tls = TlsMode.VerifyCA })).Message, StringComparison.Ordinal);
        await using var unchecked_ = await WireServer.ConnectAsync(options with { Tls = TlsMode.Required });
        Assert.NotNull(unchecked_.TlsInForce);
    }

    [Fact]
    public async Task A_server_that_demands_TLS_refuses_a_session_without()
    {
        await using var session = await WireServer.ConnectAsync(Options);
        await session.ExecuteAsync("SET GLOBAL require_secure_transport = ON");

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => WireServer.ConnectAsync(Options with { Tls = TlsMode.Disabled }));

        Assert.Equal(3159, error.Errno);
    }

    [Fact]
    public async Task A_server_without_TLS_is_refused_when_TLS_is_demanded_and_taken_when_it_is_preferred()
    {
        await using (var root = await WireServer.ConnectAsync(Options))
        {
            // A certificate that cannot be read switches TLS off for new connections.
            await root.ExecuteAsync("SET GLOBAL ssl_cert = '/no/such/file.pem'");
            await root.ExecuteAsync("ALTER INSTANCE RELOAD TLS NO ROLLBACK ON ERROR");
        }

        Assert.Equal("TlsUnavailable", (await TlsServer.FailAsync(Options with { Tls = TlsMode.Required })).Code);
        await using var session = await WireServer.ConnectAsync(Options with { Tls = TlsMode.Preferred });
        Assert.Null(session.TlsInForce);
    }

    public Task DisposeAsync() => _tls.DisposeAsync();

    public void Dispose() => _tls.Dispose();

    private Task RestartWithAsync((string Certificate, string Key) files) => _tls.Server.RestartAsync(
        new Dictionary<string, string?> { ["ssl-cert"] = files.Certificate, ["ssl-key"] = files.Key }, CancellationToken.None);
}
