using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

/// <summary>Shortcuts of the wire tests.</summary>
internal static class WireServer
{
    /// <summary>Options for a test server's root, encrypted when the server can.</summary>
    public static MySqlSessionOptions Options(MySqlServer server) => new() { Host = server.Host, Port = server.Port, User = server.User };

    public static Task<MySqlSession> ConnectAsync(MySqlSessionOptions options) => MySqlSession.ConnectAsync(options, TimeProvider.System, CancellationToken.None);

    public static async Task<MySqlSession> ConnectAsync() => await ConnectAsync(Options(await SharedServers.SourceAsync(CancellationToken.None)));

    public static async Task<string> ScalarAsync(this MySqlSession session, string sql) =>
        (await session.QueryRowsAsync(sql, CancellationToken.None))[0].GetString(0);

    public static Task<StatementResult> ExecuteAsync(this MySqlSession session, string sql) => session.ExecuteAsync(sql, CancellationToken.None);
}
