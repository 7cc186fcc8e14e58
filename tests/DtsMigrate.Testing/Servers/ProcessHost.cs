using System.Collections.Concurrent;
using System.Diagnostics;

namespace DtsMigrate.Testing;

/// <summary>Runs a server as a process with a data folder of its own.</summary>
internal sealed class ProcessHost : ServerHost
{
    private readonly MySqlBinaries _binaries;
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _printed = new();
    private Process? _process;

    internal ProcessHost(MySqlBinaries binaries)
    {
        _binaries = binaries;
    }

    internal override int? ProcessId => _process is { HasExited: false } process ? process.Id : null;

    internal string DataFolder => Path.Combine(_folder.Root, "data");

    private string LogFile => Path.Combine(_folder.Root, "error.log");

    internal override Task<bool> HasExitedAsync(CancellationToken cancellationToken) => Task.FromResult(_process is null or { HasExited: true });

    internal override async Task StartAsync(int port, ServerSettings settings, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(DataFolder))
        {
            await DataTemplate.CopyToAsync(DataFolder, _binaries, settings, cancellationToken);
        }

        var files = Directory.CreateDirectory(Path.Combine(_folder.Root, "files")).FullName;
        var mysqld = _binaries.Mysqld!;
        _printed.Clear();
        _process = await Spawner.StartAsync(
            mysqld.FileName,
            [
                .. mysqld.Prefix,
                "--no-defaults",
                .. _binaries.MysqldArguments,
                .. DataTemplate.AccountArguments(),
                $"--datadir={DataFolder}",
                $"--port={port}",
                "--bind-address=127.0.0.1",
                $"--socket={Path.Combine(_folder.Root, "s")}",
                $"--pid-file={Path.Combine(_folder.Root, "pid")}",
                $"--log-error={LogFile}",
                $"--tmpdir={files}",
                $"--secure-file-priv={files}",
                .. settings.Arguments,
            ]);
        _process.OutputDataReceived += (_, e) => Remember(e.Data);
        _process.ErrorDataReceived += (_, e) => Remember(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false } process)
        {
            PosixSignal.SendTerminate(process.Id);
            await EndedAsync(process, cancellationToken);
        }
    }

    internal override async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await EndedAsync(process, cancellationToken);
        }
    }

    internal override Task SuspendAsync(CancellationToken cancellationToken)
    {
        PosixSignal.SendStop(RunningId());
        return Task.CompletedTask;
    }

    internal override Task ResumeAsync(CancellationToken cancellationToken)
    {
        PosixSignal.SendContinue(RunningId());
        return Task.CompletedTask;
    }

    internal override async Task<string> ReadLogAsync(CancellationToken cancellationToken)
    {
        var log = File.Exists(LogFile) ? await File.ReadAllTextAsync(LogFile, cancellationToken) : "";
        return string.Join('\n', _printed.Append(log));
    }

    internal override void Abandon()
    {
        // A test runner gives its process about 100 ms to end, less than the memory of two servers takes to be freed.
        if (_process is { HasExited: false } process)
        {
            process.Kill();
        }

        _folder.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        _process?.Dispose();
        _process = null;
        _folder.Dispose();
    }

    private static async Task EndedAsync(Process process, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        Spawner.Forget(process);
    }

    private int RunningId() => ProcessId ?? throw new InvalidOperationException("the server is not running");

    private void Remember(string? line)
    {
        if (line is not null)
        {
            _printed.Enqueue(line);
        }
    }
}
