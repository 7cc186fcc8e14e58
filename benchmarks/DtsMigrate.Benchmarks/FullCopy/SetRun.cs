using DtsMigrate.Benchmarks.Data;
using DtsMigrate.Benchmarks.FullCopy.Contenders;
using DtsMigrate.Benchmarks.Machine;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>All contenders over one data set.</summary>
internal sealed class SetRun(FullCopyOptions options, Arena arena, WorkerProgram worker, DataSet set, TextWriter progress)
{
    private readonly List<Sample> _samples = [];
    private readonly Dictionary<string, string> _skipped = [];

    public async Task<SetReport> RunAsync(CancellationToken cancellationToken)
    {
        var contenders = await FindContendersAsync();
        var data = await SourceData.CreateAsync(arena.Source, set, cancellationToken);
        if (contenders.Any(contender => contender is ServerLoadContender))
        {
            await ServerLoadContender.WriteFilesAsync(arena, set, cancellationToken);
        }

        // A server just started touches the memory of its buffer pool for the first time, page by page, and the source reads its files: whoever came first would pay for that.
        if (contenders.Count > 0)
        {
            await MeasureAsync(data, contenders[0], 0, cancellationToken);
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            // Each round begins with another one: who comes after whom should not decide.
            var first = (round - 1) % Math.Max(1, contenders.Count);
            foreach (var contender in contenders.Skip(first).Concat(contenders.Take(first)).Where(c => !_skipped.ContainsKey(c.Name)))
            {
                await MeasureAsync(data, contender, round, cancellationToken);
            }
        }

        await arena.ResetDestinationAsync(cancellationToken);
        var bytes = _samples.Max(sample => sample.Engine?.BytesCopied);
        var lines = contenders.Where(contender => !_skipped.ContainsKey(contender.Name)).Select(contender => Summary.Of(contender.Name, _samples, bytes));
        return new SetReport(set.Name, set.Description, bytes, options.Rounds, [.. lines], _skipped, _samples);
    }

    private async Task<List<IContender>> FindContendersAsync()
    {
        var binaries = arena.Destination.Binaries;
        IContender[] known =
        [
            new EngineContender(worker, binlog: true),
            new EngineContender(worker, binlog: false),
            new ServerLoadContender(binaries, set, binlog: true, indexLate: true),
            new ServerLoadContender(binaries, set, binlog: false, indexLate: true),
            new ServerLoadContender(binaries, set, binlog: true, indexLate: false),
            new MydumperContender(2),
            new MydumperContender(4),
            new MysqldumpContender(binaries),
        ];
        var wanted = known.Where(contender => options.Only is not { } only || only.Any(text => contender.Name.Contains(text, StringComparison.OrdinalIgnoreCase))).ToList();
        if (wanted.Count == 0)
        {
            throw new UsageException($"No contender's name holds that; there are: {string.Join("; ", known.Select(contender => contender.Name))}.");
        }

        foreach (var contender in wanted)
        {
            if (contender.Absent is { } reason)
            {
                await SkipAsync(contender, reason);
            }
        }

        return [.. wanted.Where(contender => contender.Absent is null)];
    }

    private async Task MeasureAsync(SourceData data, IContender contender, int round, CancellationToken cancellationToken)
    {
        await arena.ResetDestinationAsync(cancellationToken);
        try
        {
            var (used, engine) = await ResourceUse.MeasureAsync(arena, () => contender.CopyAsync(arena, cancellationToken));
            await data.VerifyAsync(arena.Destination, cancellationToken);
            if (round > 0)
            {
                _samples.Add(new Sample(contender.Name, round, used, engine));
            }

            await progress.WriteLineAsync($"{(round > 0 ? $"round {round}" : "does not count")}: {contender.Name}: {used.WallSeconds:F1} s, client CPU {used.ClientCpuSeconds:F2} s, CPU of others {used.ForeignCpuSeconds:F1} s");
        }
        catch (Exception e) when (e is InvalidOperationException or DtsMigrateException && contender is not EngineContender)
        {
            // Somebody else's program need not cope with every server and every type; ours must.
            _samples.RemoveAll(sample => sample.Contender == contender.Name);
            await SkipAsync(contender, e.Message.ReplaceLineEndings(" "));
        }
    }

    private Task SkipAsync(IContender contender, string reason)
    {
        _skipped[contender.Name] = reason;
        return progress.WriteLineAsync($"skipped: {contender.Name}: {reason}");
    }
}
