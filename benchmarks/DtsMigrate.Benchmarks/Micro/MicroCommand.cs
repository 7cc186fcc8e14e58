using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace DtsMigrate.Benchmarks.Micro;

/// <summary><c>micro</c>: the hot paths alone, by BenchmarkDotNet.</summary>
internal static class MicroCommand
{
    private static readonly string[] Everything = ["--filter", "*"];

    public static int Run(string[] arguments)
    {
        // In this process: BenchmarkDotNet's own projects would inherit the repository's build settings, and none is needed for one runtime.
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default);
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(arguments.Length == 0 ? Everything : arguments, config).ToList();
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? ExitCode.Failed : ExitCode.Done;
    }
}
