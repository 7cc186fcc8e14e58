using System.Globalization;
using DtsMigrate.Benchmarks.Data;
using DtsMigrate.Benchmarks.FullCopy;
using DtsMigrate.Benchmarks.Machine;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Benchmarks.Scale;

/// <summary><c>scale</c>: what the engine takes as data and tables grow.</summary>
internal sealed class ScaleCommand(ScaleOptions options, TextWriter output, TextWriter progress)
{
    /// <summary>A destination that waits little for its disk: the engine is what is looked at, and filling must not take hours.</summary>
    private static readonly Dictionary<string, string?> FastSettings = new()
    {
        ["innodb-flush-log-at-trx-commit"] = "2",
        ["sync-binlog"] = "0",
        ["loose-innodb-redo-log-capacity"] = "1G",
        ["innodb-doublewrite"] = "OFF",
    };

    private readonly List<ScaleLine> _lines = [];

    /// <exception cref="Testing.MySqlUnavailableException">There is no MySQL on this machine.</exception>
    /// <exception cref="InvalidOperationException">The engine failed, or its copy differs from the source.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var worker = new WorkerProgram(options.Worker);
        await using var arena = await Arena.StartAsync(FastSettings, cancellationToken);
        if (options.Gigabytes.Count > 0)
        {
            var table = await GrowingTable.CreateAsync(arena, options.Narrow, cancellationToken);
            foreach (var gigabytes in options.Gigabytes)
            {
                await progress.WriteLineAsync($"filling {gigabytes} GB");
                await table.GrowAsync(gigabytes, cancellationToken);
                var what = string.Create(CultureInfo.InvariantCulture, $"one table, {gigabytes} GB{(options.Narrow ? ", narrow rows" : "")}");
                await MeasureAsync(arena, worker, what, table.VerifyAsync, cancellationToken);
            }
        }

        if (options.Tables is { } tables)
        {
            var set = SmallTablesData.Create(tables);
            await progress.WriteLineAsync($"filling {set.Description}");
            var data = await SourceData.CreateAsync(arena.Source, set, cancellationToken);
            await MeasureAsync(arena, worker, set.Description, token => data.VerifyAsync(arena.Destination, token), cancellationToken);
        }

        await output.WriteLineAsync(Report(arena).Format());
    }

    private async Task MeasureAsync(Arena arena, WorkerProgram worker, string what, Func<CancellationToken, Task> verify, CancellationToken cancellationToken)
    {
        await arena.ResetDestinationAsync(cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"scale-{_lines.Count + 1}");

        // Without binary log, or the disk would hold everything three times.
        var (used, engine) = await ResourceUse.MeasureAsync(arena, () => worker.CopyAsync(arena, name, new TaskOptions { DestinationBinlog = false }, cancellationToken));
        var line = new ScaleLine(what, used, engine);
        _lines.Add(line);
        await progress.WriteLineAsync($"{what}: {used.WallSeconds:F1} s, {line.MegabytesPerSecond:F1} MB/s, engine CPU {used.ClientCpuSeconds:F2} s, peak {engine.PeakMemoryMb:F0} MB");
        await verify(cancellationToken);
        if (options.Json is { } file)
        {
            await JsonOutput.WriteAsync(file, Report(arena), cancellationToken);
        }
    }

    private ScaleReport Report(Arena arena) => new(arena.Source.Binaries.Version.ToString(), Environment.ProcessorCount, _lines);
}
