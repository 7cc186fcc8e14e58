using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy.Contenders;

/// <summary>
/// The limit: the destination loads files that are ready on its own disk, one stream for each table. No tool that goes through SQL can be
/// faster with the same settings.
/// </summary>
internal sealed class ServerLoadContender(MySqlBinaries binaries, bool binlog, bool indexLate) : IContender
{
    private const string Session =
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET NAMES binary, time_zone='+00:00', foreign_key_checks=0, unique_checks=1, "
        + "sql_mode='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION';";

    public string Name { get; } = $"limit{(indexLate ? ", index late" : "")}{(binlog ? "" : ", binlog off")}";

    public string? Absent => binaries.DockerImage is null ? null : "servers in containers share no folder";

    /// <summary>Writes the files; not timed.</summary>
    public static Task WriteFilesAsync(Arena arena, CancellationToken cancellationToken) =>
        Task.WhenAll(BenchTables.Names.Select(table =>
            arena.Source.RunSqlAsync($"SELECT * FROM {BenchTables.Database}.{table} ORDER BY id INTO OUTFILE '{FileOf(arena, table)}';", cancellationToken)));

    public async Task<EngineCost?> CopyAsync(Arena arena, CancellationToken cancellationToken)
    {
        var head = Session + (binlog ? "" : "SET sql_log_bin=0;");
        await arena.Destination.RunSqlAsync($"{head}{BenchTables.CreateDatabase};", cancellationToken);
        await Task.WhenAll(BenchTables.Names.Select(table => LoadAsync(arena, head, table, cancellationToken)));
        return null;
    }

    private Task<string> LoadAsync(Arena arena, string head, string table, CancellationToken cancellationToken) =>
        arena.Destination.RunSqlAsync(
            $"{head}{BenchTables.Create(table, index: !indexLate)};"
            + $"LOAD DATA INFILE '{FileOf(arena, table)}' INTO TABLE {BenchTables.Database}.{table} CHARACTER SET binary;"
            + (indexLate ? BenchTables.AddIndex(table) + ";" : ""),
            cancellationToken);

    private static string FileOf(Arena arena, string table) => Path.Combine(arena.Folder, table + ".tsv");
}
