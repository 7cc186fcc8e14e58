using System.Text;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.Torture;

/// <summary>What a failed round leaves behind when <c>DTSMIGRATE_TORTURE_KEEP</c> names a folder: the task's folder, and what the destination knows about the task.</summary>
internal static class TortureEvidence
{
    private static readonly string[] Tables = ["task", "table_copy", "applied", "applied_window", "applied_slot", "definition", "ddl"];

    public static async Task KeepAsync(string taskFolder, string round, MySqlSessionOptions destination)
    {
        if (Environment.GetEnvironmentVariable("DTSMIGRATE_TORTURE_KEEP") is not { Length: > 0 } folder)
        {
            return;
        }

        string kept = Path.Combine(folder, round);

        // A worker that still runs holds its lock file; nothing stands in it.
        foreach (string file in Directory.EnumerateFiles(taskFolder, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) != ".lock"))
        {
            string copy = Path.Combine(kept, Path.GetRelativePath(taskFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var text = new StringBuilder();
        await using var session = await MySqlSession.ConnectAsync(destination, TimeProvider.System, CancellationToken.None);
        foreach (string table in Tables)
        {
            text.Append(table).Append('\n');
            foreach (var row in await session.QueryRowsAsync($"SELECT * FROM dts_migrate.{table}", CancellationToken.None))
            {
                text.Append("  ").AppendJoin(" | ", Enumerable.Range(0, row.Count).Select(i => row.IsNull(i) ? "NULL" : row.GetString(i))).Append('\n');
            }
        }

        await File.WriteAllTextAsync(Path.Combine(kept, "dts_migrate.txt"), text.ToString());
    }
}
