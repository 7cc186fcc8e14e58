using System.Globalization;
using DtsMigrate.Benchmarks.FullCopy;
using DtsMigrate.Benchmarks.Machine;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary><c>incremental</c>: recorded workloads, applied by MySQL's own replica and by the engine in turn; decoding alone; lag under a steady load.</summary>
internal sealed class IncrementalCommand(IncrementalOptions options, TextWriter output, TextWriter progress)
{
    // Rows of an unknown capacity: what a slow machine carries.
    private const double LeastRate = 100;
    private const double LargestRate = 2000;

    private readonly List<ContenderLine> _lines = [];
    private readonly Dictionary<char, DecodeRun> _decodes = [];
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private LagRun? _lag;

    /// <exception cref="Testing.MySqlUnavailableException">There is no MySQL on this machine.</exception>
    /// <exception cref="InvalidOperationException">A contender failed, or the destination differs from the source.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var arena = await Arena.StartAsync(new Dictionary<string, string?>(), cancellationToken);
        foreach (char letter in options.Workloads)
        {
            await RunAsync(arena, Workload.Create(letter, options.Scale), cancellationToken);
            await SaveAsync(arena, cancellationToken);
        }

        if (options.LagSeconds > 0)
        {
            _lag = await LagRun.RunAsync(arena.Source, arena.Destination, LagRate(), options.LagSeconds, cancellationToken);
            await SaveAsync(arena, cancellationToken);
        }

        await output.WriteLineAsync(Report(arena).Format());
    }

    private async Task RunAsync(Arena arena, Workload workload, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync($"{workload.Letter}: recording {workload.Description}");
        var recording = await Recording.MakeAsync(arena.Source, workload, cancellationToken);
        await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{workload.Letter}: {recording.Bytes / 1e6:F0} MB of binary log"));
        foreach (int workers in new[] { 4, 2, 1 })
        {
            await MeasureAsync(
                arena,
                recording,
                Contenders.Replica(workers),
                async () => (await ReplicaRun.RunAsync(arena.Source, arena.Destination, recording.End.Gtids!.ToString(), workers, cancellationToken), null),
                cancellationToken);
        }

        await MeasureAsync(arena, recording, Contenders.Default, () => EngineAsync(arena, recording, ApplyMode.Auto, cancellationToken), cancellationToken);
        await MeasureAsync(arena, recording, Contenders.Preserving, () => EngineAsync(arena, recording, ApplyMode.TransactionPreserving, cancellationToken), cancellationToken);

        // Twice: the first time is for the compiler.
        await DecodeRun.RunAsync(arena.Source, recording, cancellationToken);
        _decodes[workload.Letter] = await DecodeRun.RunAsync(arena.Source, recording, cancellationToken);
    }

    private static async Task<(double Seconds, EngineResult? Engine)> EngineAsync(Arena arena, Recording recording, ApplyMode mode, CancellationToken cancellationToken)
    {
        using var engine = EngineProcess.Start(arena.Source, arena.Destination, mode, recording.End.ToString());
        var result = await engine.WaitAsync(cancellationToken);
        return (result.Seconds, result);
    }

    private async Task MeasureAsync(Arena arena, Recording recording, string contender, Func<Task<(double Seconds, EngineResult? Engine)>> run, CancellationToken cancellationToken)
    {
        if (options.Only is { } only && !only.Any(text => contender.Contains(text, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        await Recording.PrepareAsync(arena.Destination, recording.Workload, cancellationToken);
        await arena.SettleAsync(cancellationToken);
        var (used, result) = await ResourceUse.MeasureAsync(arena, run);
        var line = new ContenderLine(recording.Workload.Letter, contender, result.Seconds, recording.Workload.Changes / result.Seconds, used, result.Engine);
        _lines.Add(line);
        await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{line.Workload}: {contender}: {line.Seconds:F1} s, {line.ChangesPerSecond:N0} changes/s"));
        string found = await Recording.ChecksumsAsync(arena.Destination, cancellationToken);
        if (found != recording.Checksums)
        {
            throw new InvalidOperationException($"{contender} left something else than the source has: {found}, not {recording.Checksums}");
        }
    }

    // Half of what the destination carries transaction by transaction.
    private double LagRate()
    {
        var carried = _lines.FirstOrDefault(line => line is { Workload: 'A', Contender: Contenders.Preserving });
        return carried is null ? LeastRate : Math.Clamp(carried.ChangesPerSecond / 4 / 2, LeastRate, LargestRate);
    }

    private IncrementalReport Report(Arena arena) =>
        new(arena.Source.Binaries.Version.ToString(), Environment.ProcessorCount, _startedAt, options.Scale, _lines, _decodes, _lag);

    // After each workload: what took so long should not be lost to what comes next.
    private Task SaveAsync(Arena arena, CancellationToken cancellationToken) =>
        options.Json is { } file ? JsonOutput.WriteAsync(file, Report(arena), cancellationToken) : Task.CompletedTask;
}
