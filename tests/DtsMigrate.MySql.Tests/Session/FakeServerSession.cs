using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.MySql.Tests.Session;

/// <summary>Sessions to a fake server.</summary>
internal static class FakeServerSession
{
    /// <summary>No test waits longer than this for anything.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static MySqlSessionOptions Options(FakeMySqlServer server) => new()
    {
        Host = server.Host,
        Port = server.Port,
        User = "u",
        Password = Secret.From("pw"),
        Tls = TlsMode.Disabled,
        ConnectTimeout = Limit,
        ReadTimeout = Limit,
    };

    public static Task<MySqlSession> ConnectAsync(FakeMySqlServer server) => ConnectAsync(Options(server));

    public static Task<MySqlSession> ConnectAsync(MySqlSessionOptions options) =>
        MySqlSession.ConnectAsync(options, TimeProvider.System, CancellationToken.None);
}
