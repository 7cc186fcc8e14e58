using System.Diagnostics;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy.Contenders;

/// <summary><c>mysqldump --single-transaction | mysql</c>.</summary>
internal sealed class MysqldumpContender(MySqlBinaries binaries) : IContender
{
    private const int PipeBytes = 1 << 16;

    public string Name => "mysqldump to mysql";

    public string? Absent => binaries.Mysqldump is null || binaries.Mysql is null ? "the client programs are not here" : null;

    public async Task<WorkerResult?> CopyAsync(Arena arena, CancellationToken cancellationToken)
    {
        using var dump = Start(
            binaries.Mysqldump!,
            arena.Source.ClientArguments("--ssl-mode=DISABLED", "--single-transaction", "--set-gtid-purged=OFF", "--databases", Data.DataSet.Database),
            isReader: true);
        using var load = Start(binaries.Mysql!, arena.Destination.ClientArguments("--ssl-mode=DISABLED", "--binary-mode"), isReader: false);
        try
        {
            var dumpErrors = dump.StandardError.ReadToEndAsync(cancellationToken);
            var loadErrors = load.StandardError.ReadToEndAsync(cancellationToken);
            await PipeAsync(dump, load, cancellationToken);
            await Task.WhenAll(dump.WaitForExitAsync(cancellationToken), load.WaitForExitAsync(cancellationToken));
            ThrowIfFailed("mysqldump", dump, await dumpErrors);
            ThrowIfFailed("mysql", load, await loadErrors);
            return null;
        }
        finally
        {
            EndNow(dump);
            EndNow(load);
        }
    }

    private static async Task PipeAsync(Process dump, Process load, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = load.StandardInput.BaseStream;
            await dump.StandardOutput.BaseStream.CopyToAsync(input, PipeBytes, cancellationToken);
        }
        catch (IOException)
        {
            // The reader ended early; its exit code and its error text say why. Without it the dump cannot end by itself.
            EndNow(dump);
        }
    }

    private static Process Start(ToolCommand tool, IEnumerable<string> arguments, bool isReader)
    {
        var start = new ProcessStartInfo(tool.FileName, [.. tool.Prefix, .. arguments])
        {
            RedirectStandardInput = !isReader,
            RedirectStandardOutput = isReader,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start");
    }

    private static void ThrowIfFailed(string name, Process process, string error)
    {
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} ended with exit code {process.ExitCode}: {error.Trim()}");
        }
    }

    private static void EndNow(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
