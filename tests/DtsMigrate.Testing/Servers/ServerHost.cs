namespace DtsMigrate.Testing;

/// <summary>Where a server runs: a plain process or a container. It owns the data folder.</summary>
internal abstract class ServerHost : IAsyncDisposable
{
    /// <summary>The server's process id where it is a process of this machine.</summary>
    internal abstract int? ProcessId { get; }

    /// <summary>Whether the server of the last start has ended.</summary>
    internal abstract Task<bool> HasExitedAsync(CancellationToken cancellationToken);

    /// <summary>Starts the server on <paramref name="port"/>; does not wait until it answers.</summary>
    internal abstract Task StartAsync(int port, ServerSettings settings, CancellationToken cancellationToken);

    /// <summary>Asks for a graceful shutdown and waits for the end.</summary>
    internal abstract Task StopAsync(CancellationToken cancellationToken);

    /// <summary>SIGKILL, and waits for the end.</summary>
    internal abstract Task KillAsync(CancellationToken cancellationToken);

    /// <summary>Freezes the server: connections stay open, nothing answers.</summary>
    internal abstract Task SuspendAsync(CancellationToken cancellationToken);

    /// <summary>Lets a frozen server go on.</summary>
    internal abstract Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>The error log.</summary>
    internal abstract Task<string> ReadLogAsync(CancellationToken cancellationToken);

    /// <summary>Kills the server and removes its data without waiting; for the end of the process.</summary>
    internal abstract void Abandon();

    public abstract ValueTask DisposeAsync();
}
