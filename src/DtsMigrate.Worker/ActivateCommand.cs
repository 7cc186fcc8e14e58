using DtsMigrate.Engine.Schema.StoredObjects;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate activate</c>: the triggers and events of a task that has caught up and was stopped.</summary>
internal sealed class ActivateCommand(Arguments arguments, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(arguments.Operand);
        TaskFolder folder = new TaskHome(arguments.Home).Folder(task.Name);
        await StoredObjectActivation.ActivateAsync(task, folder, new SecretResolver(), TimeProvider.System, cancellationToken);
        await output.WriteLineAsync($"The triggers and events of task {task.Name} are active on the destination, as on the source.");
        return ExitCode.Done;
    }
}
