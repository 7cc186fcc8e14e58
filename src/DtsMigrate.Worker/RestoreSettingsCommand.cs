using DtsMigrate.Engine.FullCopy.Tuning;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate restore-settings</c>: for a task that was killed during its copy and will not run again.</summary>
internal sealed class RestoreSettingsCommand(Arguments arguments, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(arguments.Operand);
        IReadOnlyList<string> done = await SettingsRestorer.RestoreAsync(task, new SecretResolver(), TimeProvider.System, cancellationToken);
        foreach (string words in done)
        {
            await output.WriteLineAsync($"{words}.");
        }

        if (done.Count == 0)
        {
            await output.WriteLineAsync($"Task {task.Name} has no settings changed on the destination.");
        }

        return ExitCode.Done;
    }
}
