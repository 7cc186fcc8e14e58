using System.Runtime.InteropServices;
using DtsMigrate.Benchmarks;
using DtsMigrate.Benchmarks.FullCopy;
using DtsMigrate.Benchmarks.Incremental;
using DtsMigrate.Benchmarks.Micro;
using DtsMigrate.Benchmarks.Scale;
using DtsMigrate.Benchmarks.Tables;
using DtsMigrate.Testing;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // The servers are stopped and their folders removed on the way out.
    e.Cancel = true;
    stop.Cancel();
};

// The same for who ends us without a terminal, such as a shell script in the background.
using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
try
{
    switch (args)
    {
        case ["full-copy", .. var rest]:
            await new FullCopyCommand(FullCopyOptions.Parse(rest), Console.Out, Console.Error).RunAsync(stop.Token);
            return ExitCode.Done;
        case ["incremental", .. var rest]:
            await new IncrementalCommand(IncrementalOptions.Parse(rest), Console.Out, Console.Error).RunAsync(stop.Token);
            return ExitCode.Done;
        case [EngineHost.Command, .. { Length: 4 } rest]:
            await EngineHost.RunAsync(rest, stop.Token);
            return ExitCode.Done;
        case ["micro", .. var rest]:
            return MicroCommand.Run(rest);
        case ["scale", .. var rest]:
            await new ScaleCommand(ScaleOptions.Parse(rest), Console.Out, Console.Error).RunAsync(stop.Token);
            return ExitCode.Done;
        case ["tables", .. var rest]:
            await new TablesCommand(TablesOptions.Parse(rest), Console.Out, Console.Error).RunAsync(stop.Token);
            return ExitCode.Done;
        default:
            await Console.Error.WriteLineAsync(Usage.Text);
            return ExitCode.BadUsage;
    }
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n\n{Usage.Text}");
    return ExitCode.BadUsage;
}
catch (MySqlUnavailableException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCode.NoServer;
}
catch (InvalidOperationException e)
{
    await Console.Error.WriteLineAsync($"The benchmark failed: {e.Message}");
    return ExitCode.Failed;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return ExitCode.Failed;
}
