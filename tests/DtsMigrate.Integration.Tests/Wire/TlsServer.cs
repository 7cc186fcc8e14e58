using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

/// <summary>A server whose certificate comes from a test's own authority.</summary>
public sealed class TlsServer : IAsyncLifetime, IDisposable
{
    private readonly TestCertificates _trusted = new("trusted");
    private readonly TestCertificates _other = new("other");
    private MySqlServer? _server;

    internal MySqlServer Server => _server!;

    internal TestCertificates Trusted => _trusted;

    internal TestCertificates Other => _other;

    internal MySqlSessionOptions Options => WireServer.Options(_server!);

    public async Task InitializeAsync()
    {
        var (certificate, key) = _trusted.Issue("right", TestCertificates.Loopback);
        _server = await MySqlServer.StartAsync(
            new MySqlServerOptions
            {
                Name = "tls",
                Settings = new Dictionary<string, string?> { ["ssl-ca"] = _trusted.CaFile, ["ssl-cert"] = certificate, ["ssl-key"] = key },
            },
            CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _trusted.Dispose();
        _other.Dispose();
    }

    internal static Task<MySqlConnectionException> FailAsync(MySqlSessionOptions options) =>
        Assert.ThrowsAsync<MySqlConnectionException>(() => WireServer.ConnectAsync(options));
}
