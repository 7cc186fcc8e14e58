using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.Wire;

public sealed class TlsTests : IClassFixture<TlsServer>
{
    private readonly TlsServer _tls;

    public TlsTests(TlsServer tls) => _tls = tls;

    private MySqlSessionOptions Options => _tls.Options;

    [Theory]
    [InlineData(TlsMode.Disabled, false)]
    [InlineData(TlsMode.Preferred, true)]
    [InlineData(TlsMode.Required, true)]
    public async Task A_mode_that_does_not_verify_only_decides_whether_to_encrypt(TlsMode mode, bool encrypted)
    {
        await using var session = await WireServer.ConnectAsync(Options with { Tls = mode });

        string cipher = (await session.QueryRowsAsync("SHOW STATUS LIKE 'Ssl_cipher'", CancellationToken.None))[0].GetString(1);
        Assert.Equal(encrypted, cipher.Length > 0);
        Assert.Equal(encrypted ? $"TLSv1.3 {cipher}" : null, session.TlsInForce);
    }

    [Theory]
    [InlineData(TlsMode.VerifyCA, "127.0.0.1")]
    [InlineData(TlsMode.VerifyFull, "127.0.0.1")]
    [InlineData(TlsMode.VerifyFull, "localhost")]
    public async Task The_right_CA_and_name_are_accepted(TlsMode mode, string host)
    {
        await using var session = await WireServer.ConnectAsync(Options with { Host = host, Tls = mode, TlsCaFile = _tls.Trusted.CaFile });
        await using var bundled = await WireServer.ConnectAsync(
            Options with { Host = host, Tls = mode, TlsCaFile = _tls.Trusted.Bundle(_tls.Other.CaFile, _tls.Trusted.CaFile) });

        Assert.NotNull(session.TlsInForce);
        Assert.NotNull(bundled.TlsInForce);
    }

    [Theory]
    [InlineData(TlsMode.VerifyCA)]
    [InlineData(TlsMode.VerifyFull)]
    public async Task Another_CA_is_refused(TlsMode mode)
    {
        var error = await TlsServer.FailAsync(Options with { Tls = mode, TlsCaFile = _tls.Other.CaFile });

        Assert.Equal(("TlsFailed", false), (error.Code, error.IsTransient));
        Assert.Contains(_tls.Other.CaFile, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsMode.VerifyCA)]
    [InlineData(TlsMode.VerifyFull)]
    public async Task Without_a_CA_file_the_systems_roots_do_not_know_a_private_CA(TlsMode mode) =>
        Assert.Equal("TlsFailed", (await TlsServer.FailAsync(Options with { Tls = mode })).Code);

    [Fact]
    public async Task Large_rows_and_cancellation_work_inside_TLS()
    {
        await using var session = await WireServer.ConnectAsync(Options with { Tls = TlsMode.VerifyFull, TlsCaFile = _tls.Trusted.CaFile });
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.Equal(20 << 20, (await session.QueryRowsAsync("SELECT REPEAT('x', 20 * 1024 * 1024)", CancellationToken.None))[0].GetBytes(0).Length);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ExecuteAsync("DO SLEEP(100)", cancel.Token));
        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }
}
