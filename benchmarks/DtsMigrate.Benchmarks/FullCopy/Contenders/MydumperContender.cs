using System.Globalization;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy.Contenders;

/// <summary>mydumper to files, then myloader from them, which keeps out of the binary log by default.</summary>
internal sealed class MydumperContender(int threads) : IContender
{
    private readonly ToolCommand? _dumper = Find("mydumper");
    private readonly ToolCommand? _loader = Find("myloader");

    public string Name { get; } = $"mydumper + myloader -t{threads}, binlog off";

    public string? Absent => _dumper is null || _loader is null ? "not on PATH" : null;

    public async Task<WorkerResult?> CopyAsync(Arena arena, CancellationToken cancellationToken)
    {
        var files = Path.Combine(arena.Folder, "mydumper");
        try
        {
            await _dumper!.RunAsync([.. Arguments(arena.Source), "--database", Data.DataSet.Database, "--outputdir", files], null, cancellationToken);
            await _loader!.RunAsync([.. Arguments(arena.Destination), "--directory", files], null, cancellationToken);
            return null;
        }
        finally
        {
            if (Directory.Exists(files))
            {
                Directory.Delete(files, recursive: true);
            }
        }
    }

    private string[] Arguments(MySqlServer server) =>
    [
        "--host", server.Host,
        "--port", server.Port.ToString(CultureInfo.InvariantCulture),
        "--user", server.User,
        "--threads", threads.ToString(CultureInfo.InvariantCulture),
    ];

    private static ToolCommand? Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is { } path ? new ToolCommand(path) : null;
    }
}
