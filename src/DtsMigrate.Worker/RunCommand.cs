using DtsMigrate.Engine;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;
using DtsMigrate.Worker.Views;
using Spectre.Console;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate run</c>.</summary>
internal sealed class RunCommand(Arguments arguments, TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync()
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(arguments.Operand);
        TaskFolder folder = new TaskHome(arguments.Home).Folder(task.Name);
        var run = new MigrationRun(task, folder, new SecretResolver(), TimeProvider.System);
        using var signals = new StopSignals(error);
        Task<MigrationStatus> running = Task.Run(() => run.RunAsync(arguments.Until, signals.Token));
        try
        {
            await View().FollowAsync(() => folder.Exists ? new RunSnapshot(run.Status, run.Tables) : null, running);
        }
        catch (IOException e)
        {
            // The reader of our output has gone. The migration has not.
            await error.WriteLineAsync($"dtsmigrate: the progress cannot be shown any more: {e.Message}");
        }

        await running;
        return ExitCode.Done;
    }

    private IRunView View()
    {
        if (arguments.Json)
        {
            return new JsonView(output, TimeProvider.System);
        }

        IAnsiConsole console = AnsiConsole.Console;
        return ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && console.Profile.Capabilities.Ansi
            ? new LiveView(console, TimeProvider.System)
            : new PlainView(output, TimeProvider.System);
    }
}
