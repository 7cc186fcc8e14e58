using System.Globalization;

namespace DtsMigrate.Testing;

/// <summary>
/// A real MySQL server of a test: its own data folder, a loopback port chosen by the operating system, <c>root</c> without a
/// password. It dies with this process and leaves nothing behind once disposed.
/// </summary>
public sealed class MySqlServer : IAsyncDisposable
{
    private const int StartAttempts = 5;
    private const int LogTail = 4_000;

    private readonly ServerHost _host;
    private readonly MySqlServerOptions _options;
    private readonly ServerSettings _settings;
    private PortReservation? _reservation;

    private MySqlServer(MySqlBinaries binaries, MySqlServerOptions options)
    {
        Binaries = binaries;
        _options = options;
        _settings = new ServerSettings(options);
        _host = binaries.DockerImage is { } image ? new DockerHost(image) : new ProcessHost(binaries);
    }

    /// <summary>The server's and the clients' programs.</summary>
    public MySqlBinaries Binaries { get; }

    /// <summary>The name from the options.</summary>
    public string Name => _options.Name;

    /// <summary>The host to connect to.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>The port; it stays the same over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>An account with all rights from every host.</summary>
    public string User { get; } = "root";

    /// <summary>The password of <see cref="User"/>: empty.</summary>
    public string Password { get; } = "";

    /// <summary>The server id from the options.</summary>
    public uint ServerId => _options.ServerId;

    /// <summary>The server's process id; null when it is not running or runs in a container.</summary>
    public int? Pid => _host.ProcessId;

    /// <summary>The data folder; null when the server runs in a container.</summary>
    public string? DataFolder => (_host as ProcessHost)?.DataFolder;

    /// <summary>Starts a server and returns when it answers.</summary>
    /// <exception cref="MySqlUnavailableException">There is no MySQL on this machine.</exception>
    /// <exception cref="InvalidOperationException">The server ended or did not answer in time; the message holds its error log.</exception>
    public static async Task<MySqlServer> StartAsync(MySqlServerOptions options, CancellationToken cancellationToken)
    {
        bool isSource = options.Name.Contains("source", StringComparison.OrdinalIgnoreCase);
        var binaries = options.Series is { } series ? MySqlBinaries.FindSeriesAsync(series, cancellationToken)
            : isSource ? MySqlBinaries.FindSourceAsync(cancellationToken)
            : MySqlBinaries.FindAsync(cancellationToken);
        var server = new MySqlServer(await binaries, options);
        try
        {
            await server.StartOnFreePortAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Shuts the server down gracefully. The port stays reserved; connections to it are refused.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Deadline);
        try
        {
            await _host.StopAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"server '{Name}' did not stop:\n{await ReadErrorLogAsync(cancellationToken)}", e);
        }

        _reservation ??= PortReservation.Take(Port);
    }

    /// <summary>Kills the server with SIGKILL. The port stays reserved; connections to it are refused.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await _host.KillAsync(cancellationToken);
        _reservation ??= PortReservation.Take(Port);
    }

    /// <summary>Starts a stopped or killed server again, on the same data and port, and returns when it answers.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        ReleasePort();
        await _host.StartAsync(Port, _settings, cancellationToken);
        if (!await AnswersAsync(cancellationToken))
        {
            throw new InvalidOperationException($"server '{Name}' did not come back on port {Port}:\n{await ReadErrorLogAsync(cancellationToken)}");
        }
    }

    /// <summary>Stops the server gracefully and starts it again with changed settings (see <see cref="MySqlServerOptions.Settings"/>).</summary>
    public async Task RestartAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        _settings.Change(changes);
        await StartAgainAsync(cancellationToken);
    }

    /// <summary>Freezes the server (SIGSTOP): its connections stay open and nothing answers.</summary>
    public Task SuspendAsync(CancellationToken cancellationToken) => _host.SuspendAsync(cancellationToken);

    /// <summary>Lets a frozen server go on (SIGCONT).</summary>
    public Task ResumeAsync(CancellationToken cancellationToken) => _host.ResumeAsync(cancellationToken);

    /// <summary>Runs statements through the <c>mysql</c> client as root and returns its tab-separated output without headings.</summary>
    /// <exception cref="InvalidOperationException">A statement failed, or there is no <c>mysql</c> client.</exception>
    public Task<string> RunSqlAsync(string statements, CancellationToken cancellationToken)
    {
        var client = Binaries.Mysql ?? throw new InvalidOperationException("this MySQL came without its 'mysql' client");
        return client.RunAsync([.. ClientArguments("--batch", "--skip-column-names", "--binary-mode")], OldSql.For(Binaries.Version, statements), cancellationToken);
    }

    /// <summary>Arguments that connect one of the client programs to this server as root, and then <paramref name="more"/>.</summary>
    public IReadOnlyList<string> ClientArguments(params string[] more) =>
    [
        "--no-defaults",
        $"--host={Host}",
        $"--port={Port.ToString(CultureInfo.InvariantCulture)}",
        $"--user={User}",
        "--protocol=TCP",
        "--default-character-set=utf8mb4",
        .. more,
    ];

    /// <summary>The end of the server's error log, for failure messages.</summary>
    public async Task<string> ReadErrorLogAsync(CancellationToken cancellationToken)
    {
        var log = await _host.ReadLogAsync(cancellationToken);
        return log.Length <= LogTail ? log : log[^LogTail..];
    }

    /// <summary>Kills the server and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        ReleasePort();
        await _host.DisposeAsync();
    }

    /// <summary>Kills the server and removes its data at once, where a process that is ending has no time to wait.</summary>
    internal void Abandon()
    {
        ReleasePort();
        _host.Abandon();
    }

    private async Task StartOnFreePortAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using (var free = PortReservation.Take(0))
            {
                Port = free.Port;
            }

            await _host.StartAsync(Port, _settings, cancellationToken);
            if (await AnswersAsync(cancellationToken))
            {
                return;
            }

            // Between our look and its bind another process may have taken the port.
            var log = await ReadErrorLogAsync(cancellationToken);
            if (attempt == StartAttempts || !log.Contains("Address already in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"server '{Name}' did not start on port {Port}:\n{log}");
            }

            await _host.KillAsync(cancellationToken);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Deadline);
        try
        {
            while (!await _host.HasExitedAsync(limit.Token))
            {
                if (await Greeting.IsServedAsync(Host, Port, limit.Token))
                {
                    return true;
                }

                await Task.Delay(WaitFor.Poll, limit.Token);
            }

            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void ReleasePort()
    {
        _reservation?.Dispose();
        _reservation = null;
    }
}
