using System.Net.Sockets;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Testing;

public sealed class MySqlServerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_started_server_serves_its_defaults()
    {
        await using var server = await MySqlServer.StartAsync(new MySqlServerOptions(), None);

        var values = await server.RunSqlAsync(
            "SELECT @@gtid_mode, @@enforce_gtid_consistency, @@local_infile, @@log_bin, @@binlog_format, @@server_id, @@gtid_executed, CURRENT_USER();", None);

        Assert.Equal($"ON\tON\t1\t1\tROW\t{server.ServerId}\t\troot@localhost", values.Trim());
    }

    [Fact]
    public async Task Settings_of_the_caller_win_over_defaults_in_either_spelling()
    {
        var options = new MySqlServerOptions
        {
            ServerId = 77,
            Gtid = false,
            Settings = new Dictionary<string, string?> { ["local_infile"] = "OFF", ["binlog-row-image"] = "MINIMAL", ["lower_case_table_names"] = "1" },
        };
        await using var server = await MySqlServer.StartAsync(options, None);

        var values = await server.RunSqlAsync(
            "SELECT @@local_infile, @@binlog_row_image, @@lower_case_table_names, @@server_id, @@gtid_mode;", None);

        Assert.Equal("0\tMINIMAL\t1\t77\tOFF", values.Trim());
    }

    [Fact]
    public async Task Committed_rows_outlive_a_kill_on_the_same_port()
    {
        await using var server = await MySqlServer.StartAsync(new MySqlServerOptions(), None);
        var (port, pid) = (server.Port, server.Pid);
        await server.RunSqlAsync("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY); INSERT INTO d.t VALUES (1), (2);", None);

        await server.KillAsync(None);
        var refused = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(server));
        await server.StartAgainAsync(None);

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.Equal(port, server.Port);
        Assert.NotEqual(pid, server.Pid);
        Assert.Equal("2", (await server.RunSqlAsync("SELECT COUNT(*) FROM d.t;", None)).Trim());
    }

    [Fact]
    public async Task A_restart_keeps_data_and_takes_changed_settings()
    {
        await using var server = await MySqlServer.StartAsync(new MySqlServerOptions(), None);
        await server.RunSqlAsync("CREATE DATABASE kept;", None);

        await server.RestartAsync(new Dictionary<string, string?> { ["binlog_format"] = "STATEMENT" }, None);

        Assert.Equal("STATEMENT", (await server.RunSqlAsync("SELECT @@binlog_format;", None)).Trim());
        Assert.Equal("kept", (await server.RunSqlAsync("SHOW DATABASES LIKE 'kept';", None)).Trim());
    }

    [Fact]
    public async Task Two_servers_side_by_side_have_different_identities()
    {
        var (source, destination) = await SharedServers.PairAsync(None);

        var first = await source.RunSqlAsync("SELECT @@server_uuid, @@server_id;", None);
        var second = await destination.RunSqlAsync("SELECT @@server_uuid, @@server_id;", None);

        Assert.NotEqual(first.Split('\t')[0], second.Split('\t')[0]);
        Assert.NotEqual(first.Split('\t')[1], second.Split('\t')[1]);
        Assert.NotEqual(source.Port, destination.Port);
    }

    [Fact]
    public async Task A_suspended_server_answers_only_after_it_goes_on()
    {
        await using var server = await MySqlServer.StartAsync(new MySqlServerOptions(), None);
        await server.SuspendAsync(None);

        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.RunSqlAsync("SELECT 1;", limit.Token));
        await server.ResumeAsync(None);

        Assert.Equal("1", (await server.RunSqlAsync("SELECT 1;", None)).Trim());
    }

    [Fact]
    public async Task A_server_that_cannot_start_shows_its_error_log()
    {
        var options = new MySqlServerOptions { Settings = new Dictionary<string, string?> { ["no-such-option"] = "1" } };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => MySqlServer.StartAsync(options, None));

        Assert.Contains("unknown variable 'no-such-option=1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_ends_the_process_and_removes_the_data()
    {
        var server = await MySqlServer.StartAsync(new MySqlServerOptions(), None);
        var (folder, pid) = (server.DataFolder, server.Pid);

        await server.DisposeAsync();

        Assert.False(Directory.Exists(folder));
        Assert.Null(server.Pid);
        if (OperatingSystem.IsLinux() && pid is not null)
        {
            Assert.False(Directory.Exists($"/proc/{pid}"));
        }
    }

    private static async Task ConnectAsync(MySqlServer server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, None);
    }
}
