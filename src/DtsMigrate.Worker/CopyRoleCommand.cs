using DtsMigrate.Engine;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;
using DtsMigrate.Worker.Views;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate run --role copy</c>: helps a task that another worker runs.</summary>
internal sealed class CopyRoleCommand(Arguments arguments, TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync()
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(arguments.Operand);
        var run = new CopyRoleRun(task, new SecretResolver(), new ConsoleLog(error, TimeProvider.System), TimeProvider.System);
        using var signals = new StopSignals(error);
        Task<CopyRoleStatus> running = Task.Run(() => run.RunAsync(signals.Token));
        try
        {
            await new CopyRoleView(output, arguments.Json, TimeProvider.System).FollowAsync(() => run.Status, running);
        }
        catch (IOException e)
        {
            // The reader of our output has gone. The copy has not.
            await error.WriteLineAsync($"dtsmigrate: the progress cannot be shown any more: {e.Message}");
        }

        await running;
        return ExitCode.Done;
    }
}
