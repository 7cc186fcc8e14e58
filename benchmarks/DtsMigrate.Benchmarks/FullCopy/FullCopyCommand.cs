using DtsMigrate.Benchmarks.Data;
using DtsMigrate.Benchmarks.Machine;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary><c>full-copy</c>: every contender in turn, round by round, set by set, on the same two servers.</summary>
internal sealed class FullCopyCommand(FullCopyOptions options, TextWriter output, TextWriter progress)
{
    /// <exception cref="UsageException">No contender is left.</exception>
    /// <exception cref="Testing.MySqlUnavailableException">There is no MySQL on this machine.</exception>
    /// <exception cref="InvalidOperationException">The engine failed, or its copy differs from the source.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var worker = new WorkerProgram(options.Worker);
        var (started, load) = (TimeProvider.System.GetUtcNow(), MachineCounters.Load());
        await using var arena = await Arena.StartAsync(new Dictionary<string, string?>(), cancellationToken);
        var sets = new List<SetReport>();
        foreach (var number in options.Sets)
        {
            var set = DataSet.Create(number, options.Scale);
            await progress.WriteLineAsync($"set {set.Name}: {set.Description}");
            sets.Add(await new SetRun(options, arena, worker, set, progress).RunAsync(cancellationToken));
            var report = new Report(arena.Source.Binaries.Version.ToString(), Environment.ProcessorCount, started, load, sets);
            if (options.Json is { } file)
            {
                // After each set: what took so long should not be lost to what comes next.
                await JsonOutput.WriteAsync(file, report, cancellationToken);
            }

            if (sets.Count == options.Sets.Count)
            {
                await output.WriteLineAsync(ReportTable.Format(report));
            }
        }
    }
}
