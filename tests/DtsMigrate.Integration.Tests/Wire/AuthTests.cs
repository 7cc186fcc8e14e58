using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

public sealed class AuthTests
{
    private const string Password = "p\u00e4ss'w\\ord";
    private static int _accounts;

    [Theory]
    [InlineData("caching_sha2_password", TlsMode.Required)]
    [InlineData("sha256_password", TlsMode.Required)]
    public async Task An_account_logs_in_inside_TLS_twice(string plugin, TlsMode mode)
    {
        if (await AccountAsync(plugin, Password) is not { } account)
        {
            return;
        }

        for (int i = 0; i < 2; i++)
        {
            await using var session = await WireServer.ConnectAsync(account with { Tls = mode });
            Assert.StartsWith(account.User + "@", await session.ScalarAsync("SELECT CURRENT_USER()"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("caching_sha2_password")]
    [InlineData("sha256_password")]
    public async Task Without_TLS_the_full_exchange_needs_the_key_and_the_key_needs_leave(string plugin)
    {
        if (await AccountAsync(plugin, Password) is not { } account)
        {
            return;
        }

        var refused = await Assert.ThrowsAsync<MySqlConnectionException>(() => WireServer.ConnectAsync(account with { Tls = TlsMode.Disabled }));
        await using var session = await WireServer.ConnectAsync(account with { Tls = TlsMode.Disabled, AllowPublicKeyRetrieval = true });

        Assert.Equal("AuthenticationUnsupported", refused.Code);
        Assert.Null(session.TlsInForce);
    }

    [Fact]
    public async Task The_fast_path_needs_neither_TLS_nor_key_once_the_server_knows_the_account()
    {
        var account = (await AccountAsync("caching_sha2_password", Password))!;

        await using var first = await WireServer.ConnectAsync(account with { Tls = TlsMode.Required });
        await using var second = await WireServer.ConnectAsync(account with { Tls = TlsMode.Disabled });

        Assert.Null(second.TlsInForce);
    }

    [Theory]
    [InlineData("caching_sha2_password", TlsMode.Disabled)]
    [InlineData("caching_sha2_password", TlsMode.Required)]
    [InlineData("sha256_password", TlsMode.Disabled)]
    [InlineData("sha256_password", TlsMode.Required)]
    [InlineData("mysql_native_password", TlsMode.Disabled)]
    public async Task An_empty_password_is_legal(string plugin, TlsMode mode)
    {
        if (await AccountAsync(plugin, "") is not { } account)
        {
            return;
        }

        await using var session = await WireServer.ConnectAsync(account with { Tls = mode });
        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task The_plugins_that_these_tests_are_about_are_on_the_server()
    {
        await using var session = await WireServer.ConnectAsync();
        string plugins = await session.ScalarAsync("SELECT GROUP_CONCAT(plugin_name) FROM information_schema.plugins WHERE plugin_type = 'AUTHENTICATION'");

        Assert.Contains("caching_sha2_password", plugins, StringComparison.Ordinal);
        Assert.Contains("sha256_password", plugins, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_native_plugin_logs_in_where_the_server_has_it()
    {
        if (await AccountAsync("mysql_native_password", Password) is not { } account)
        {
            return;
        }

        await using var session = await WireServer.ConnectAsync(account with { Tls = TlsMode.Disabled });
        Assert.Equal("1", await session.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [InlineData(TlsMode.Disabled)]
    [InlineData(TlsMode.Required)]
    public async Task A_wrong_password_is_the_servers_refusal_and_shows_no_password(TlsMode mode)
    {
        var account = (await AccountAsync("caching_sha2_password", Password))!;

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => WireServer.ConnectAsync(
            account with { Tls = mode, AllowPublicKeyRetrieval = true, Password = Secret.From("wrong-one") }));

        Assert.Equal((1045, false), (error.Errno, error.IsTransient));
        Assert.DoesNotContain("wrong-one", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_account_and_an_unknown_database_are_refused_by_number()
    {
        var server = await SharedServers.SourceAsync(CancellationToken.None);

        var account = await Assert.ThrowsAsync<MySqlServerException>(() => WireServer.ConnectAsync(
            WireServer.Options(server) with { User = "nobody", Password = Secret.From("x") }));
        var database = await Assert.ThrowsAsync<MySqlServerException>(() => WireServer.ConnectAsync(WireServer.Options(server) with { Database = "nowhere" }));

        Assert.Equal((1045, 1049), (account.Errno, database.Errno));
    }

    [Fact]
    public async Task The_default_database_and_the_programs_name_reach_the_server()
    {
        var server = await SharedServers.SourceAsync(CancellationToken.None);
        await using var session = await WireServer.ConnectAsync(WireServer.Options(server) with { Database = "mysql", ProgramName = "wire-test" });

        Assert.Equal("mysql", await session.ScalarAsync("SELECT DATABASE()"));
        Assert.Equal("wire-test", await session.ScalarAsync(
            "SELECT attr_value FROM performance_schema.session_connect_attrs WHERE processlist_id = CONNECTION_ID() AND attr_name = 'program_name'"));
    }

    /// <returns>Null where the server does not have the plugin, as 9.x does not have mysql_native_password.</returns>
    private static async Task<MySqlSessionOptions?> AccountAsync(string plugin, string password)
    {
        var server = await SharedServers.SourceAsync(CancellationToken.None);
        await using var root = await WireServer.ConnectAsync(WireServer.Options(server));
        if (await root.ScalarAsync($"SELECT COUNT(*) FROM information_schema.plugins WHERE plugin_name = '{plugin}' AND plugin_status = 'ACTIVE'") == "0")
        {
            return null;
        }

        string user = $"wire{Interlocked.Increment(ref _accounts)}";
        string quoted = password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
        await root.ExecuteAsync($"CREATE USER {user}@'%' IDENTIFIED WITH {plugin} BY '{quoted}'");
        await root.ExecuteAsync($"GRANT ALL ON *.* TO {user}@'%'");
        return WireServer.Options(server) with { User = user, Password = Secret.From(password) };
    }
}
