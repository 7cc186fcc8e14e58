using System.Globalization;
using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate ddl</c>: the DDL statements that the stream has met, and what became of them.</summary>
internal sealed class DdlCommand(Arguments arguments, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(arguments.Operand);
        IReadOnlyList<DdlRecord> log = await DdlLog.ReadAsync(task, new SecretResolver(), TimeProvider.System, cancellationToken);
        if (!arguments.Json && log.Count == 0)
        {
            await output.WriteLineAsync($"Task {task.Name} has met no DDL.");
        }

        foreach (DdlRecord entry in log)
        {
            if (arguments.Json)
            {
                await output.WriteLineAsync(TaskJson.Write(entry));
                continue;
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{entry.BegunAt:yyyy-MM-dd HH:mm:ss}  {entry.Outcome,-8}  {entry.Kind,-15}  {entry.Objects}"));
            await WriteAsync("source", entry.Statement);
            await WriteAsync("run", entry.Executed == entry.Statement ? null : entry.Executed);
            await WriteAsync("why", entry.Error);
        }

        return ExitCode.Done;
    }

    private async Task WriteAsync(string name, string? text)
    {
        if (text is not null)
        {
            await output.WriteLineAsync($"    {name,-7} {text.ReplaceLineEndings(" ")}");
        }
    }
}
