namespace DtsMigrate.Testing;

/// <summary>Runs a server as a container with a volume of its own, so that its data outlives a kill and changed options.</summary>
internal sealed class DockerHost : ServerHost
{
    private const string Docker = "docker";
    private readonly string _image;
    private readonly string _name = "dtsm-" + Guid.NewGuid().ToString("N")[..12];

    internal DockerHost(string image)
    {
        _image = image;

        // A killed test process leaves its container behind; its name begins with 'dtsm-'.
        AppDomain.CurrentDomain.ProcessExit += RemoveAtExit;
    }

    internal override int? ProcessId => null;

    internal override async Task<bool> HasExitedAsync(CancellationToken cancellationToken) =>
        (await RunAsync(["inspect", "--format", "{{.State.Running}}", _name], cancellationToken)).Trim() != "true";

    internal override async Task StartAsync(int port, ServerSettings settings, CancellationToken cancellationToken)
    {
        // Options and ports belong to a container, data to the volume: a restart is a new container on the old volume.
        await RunAsync(["rm", "--force", _name], cancellationToken);
        await RunAsync(
            [
                "run", "--detach", "--name", _name,
                "--volume", $"{_name}:/var/lib/mysql",
                "--publish", $"127.0.0.1:{port}:3306",
                "--env", "MYSQL_ALLOW_EMPTY_PASSWORD=1",
                "--env", "MYSQL_ROOT_HOST=%",
                _image,
                .. settings.Arguments,
            ],
            cancellationToken);
    }

    internal override Task StopAsync(CancellationToken cancellationToken) => RunAsync(["stop", "--time", "60", _name], cancellationToken);

    internal override Task KillAsync(CancellationToken cancellationToken) => RunAsync(["kill", _name], cancellationToken);

    internal override Task SuspendAsync(CancellationToken cancellationToken) => RunAsync(["pause", _name], cancellationToken);

    internal override Task ResumeAsync(CancellationToken cancellationToken) => RunAsync(["unpause", _name], cancellationToken);

    internal override async Task<string> ReadLogAsync(CancellationToken cancellationToken)
    {
        var result = await ProcessRunner.RunAsync(Docker, ["logs", _name], null, null, cancellationToken);
        return result.Output + result.Error;
    }

    internal override void Abandon()
    {
        // The engine does the work; this command need not outlive its request.
        using var process = System.Diagnostics.Process.Start(Docker, ["rm", "--force", "--volumes", _name]);
        process.WaitForExit();
    }

    public override async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= RemoveAtExit;
        await RunAsync(["rm", "--force", "--volumes", _name], CancellationToken.None);
        await RunAsync(["volume", "rm", "--force", _name], CancellationToken.None);
    }

    private static Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken) =>
        new ToolCommand(Docker).RunAsync(arguments, null, cancellationToken);

    private void RemoveAtExit(object? sender, EventArgs e) => Abandon();
}
