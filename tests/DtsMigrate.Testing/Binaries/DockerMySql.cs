namespace DtsMigrate.Testing;

/// <summary>Finds MySQL as an image of the machine's Docker engine, reached through the <c>docker</c> command.</summary>
internal static class DockerMySql
{
    private const string DefaultVersion = "8.4";
    private static readonly TimeSpan EngineAnswer = TimeSpan.FromSeconds(5);

    /// <summary>The image of a series, or null when no engine answers.</summary>
    internal static async Task<MySqlBinaries?> FindAsync(string? series, CancellationToken cancellationToken)
    {
        if (ProcessRunner.FindOnPath("docker") is not { } docker || !await EngineAnswersAsync(docker, cancellationToken))
        {
            return null;
        }

        var image = "mysql:" + (series ?? DefaultVersion);

        // Clients run in throw-away containers on the host's network, where the servers' loopback ports are.
        ToolCommand Client(string name) => new(docker, ["run", "--rm", "-i", "--network", "host", "--entrypoint", name, image]);
        return new MySqlBinaries
        {
            Version = await MySqlBinaries.ReadVersionAsync(Client("mysqld"), cancellationToken),
            DockerImage = image,
            Mysql = Client("mysql"),
            Mysqldump = Client("mysqldump"),
            Mysqlbinlog = Client("mysqlbinlog"),
            Mysqladmin = Client("mysqladmin"),
        };
    }

    private static async Task<bool> EngineAnswersAsync(string docker, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EngineAnswer);
        try
        {
            var result = await ProcessRunner.RunAsync(docker, ["info", "--format", "{{.ServerVersion}}"], null, null, limit.Token);
            return result.ExitCode == 0 && result.Output.Trim().Length > 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // An engine that hangs is no engine.
            return false;
        }
    }
}
