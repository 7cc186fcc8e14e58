using System.Diagnostics;
using System.Text.Json;
using DtsMigrate.Benchmarks.FullCopy.Contenders;
using DtsMigrate.Testing;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary><c>full-copy</c>: every contender in turn, round by round, on the same two servers.</summary>
internal sealed class FullCopyCommand(FullCopyOptions options, TextWriter output, TextWriter progress)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<Sample> _samples = [];
    private readonly Dictionary<string, string> _skipped = [];

    /// <exception cref="UsageException">No contender is left.</exception>
    /// <exception cref="MySqlUnavailableException">There is no MySQL on this machine.</exception>
    /// <exception cref="InvalidOperationException">The engine failed, or its copy differs from the source.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var load = MachineState.Load();
        await using var arena = await Arena.StartAsync(cancellationToken);
        await progress.WriteLineAsync($"filling 4 tables of {options.Rows} rows");
        var data = await SourceData.CreateAsync(arena.Source, options.Rows, cancellationToken);
        var contenders = await PrepareAsync(arena, cancellationToken);
        for (var round = 1; round <= options.Rounds; round++)
        {
            // Each round begins with another one: who comes after whom should not decide.
            var first = (round - 1) % Math.Max(1, contenders.Count);
            foreach (var contender in contenders.Skip(first).Concat(contenders.Take(first)).Where(c => !_skipped.ContainsKey(c.Name)))
            {
                await MeasureAsync(arena, data, contender, round, cancellationToken);
            }
        }

        await PrintAsync(arena, data, load, contenders);
    }

    private async Task<List<IContender>> PrepareAsync(Arena arena, CancellationToken cancellationToken)
    {
        var binaries = arena.Destination.Binaries;
        var limit = new ServerLoadContender(binaries, binlog: true, indexLate: false);
        IContender[] known =
        [
            new EngineContender(binlog: true),
            new EngineContender(binlog: false),
            limit,
            new ServerLoadContender(binaries, binlog: false, indexLate: false),
            new ServerLoadContender(binaries, binlog: true, indexLate: true),
            new MydumperContender(Arena.Streams),
            new MysqldumpContender(binaries),
        ];
        var all = known.Where(contender => contender.Name.Contains(options.Only ?? "", StringComparison.OrdinalIgnoreCase)).ToList();
        if (all.Count == 0)
        {
            throw new UsageException($"No contender's name holds '{options.Only}'; there are: {string.Join("; ", known.Select(contender => contender.Name))}.");
        }

        foreach (var contender in all)
        {
            if (contender.Absent is { } reason)
            {
                await SkipAsync(contender, reason);
            }
        }

        if (limit.Absent is null)
        {
            await ServerLoadContender.WriteFilesAsync(arena, cancellationToken);
        }

        return [.. all.Where(contender => contender.Absent is null)];
    }

    private async Task MeasureAsync(Arena arena, SourceData data, IContender contender, int round, CancellationToken cancellationToken)
    {
        await arena.ResetDestinationAsync(cancellationToken);
        var load = MachineState.Load();
        double? source = Arena.CpuSeconds(arena.Source), destination = Arena.CpuSeconds(arena.Destination);
        var clock = Stopwatch.StartNew();
        try
        {
            var engine = await contender.CopyAsync(arena, cancellationToken);
            var wall = clock.Elapsed.TotalSeconds;
            var sample = new Sample(
                contender.Name, round, wall, Arena.CpuSeconds(arena.Source) - source, Arena.CpuSeconds(arena.Destination) - destination, engine, load);
            await data.VerifyAsync(arena.Destination, cancellationToken);
            _samples.Add(sample);
            await progress.WriteLineAsync($"round {round}: {contender.Name}: {wall:F1} s (load {load:F1})");
        }
        catch (InvalidOperationException e) when (contender is not EngineContender)
        {
            // Somebody else's program need not cope with every server; ours must.
            _samples.RemoveAll(sample => sample.Contender == contender.Name);
            await SkipAsync(contender, e.Message.ReplaceLineEndings(" "));
        }
    }

    private Task SkipAsync(IContender contender, string reason)
    {
        _skipped[contender.Name] = reason;
        return progress.WriteLineAsync($"skipped: {contender.Name}: {reason}");
    }

    private async Task PrintAsync(Arena arena, SourceData data, double? load, List<IContender> contenders)
    {
        var ours = new EngineContender(binlog: true).Name;
        var lines = contenders.Where(contender => !_skipped.ContainsKey(contender.Name)).Select(contender => Summary.Of(contender.Name, _samples, ours, data.Bytes));
        var report = new Report(
            arena.Source.Binaries.Version.ToString(), Environment.ProcessorCount, load, options.Rows, data.Bytes, options.Rounds, [.. lines], _skipped, _samples);
        await output.WriteLineAsync(options.Json ? JsonSerializer.Serialize(report, Readable) : ReportTable.Format(report));
    }
}
