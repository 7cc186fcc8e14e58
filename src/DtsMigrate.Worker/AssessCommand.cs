using System.Globalization;
using DtsMigrate.Engine.Assessment;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate assess</c>: the migration assessment.</summary>
internal sealed class AssessCommand(Arguments arguments, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(arguments.Operand);
        TaskFolder folder = new TaskHome(arguments.Home).Folder(task.Name);
        AssessmentReport report = await MigrationAssessment.RunAsync(task, folder, new SecretResolver(), TimeProvider.System, cancellationToken);
        if (arguments.Json)
        {
            await output.WriteLineAsync(TaskJson.Write(report));
            return ExitCode.Done;
        }

        foreach (AssessmentItem item in report.Items)
        {
            await output.WriteLineAsync($"{item.Severity,-12} {item.Item} ({item.Target}): {item.Message}{(item.Recommendation is { } remedy ? $"\n             {remedy}" : string.Empty)}");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"MySQL {report.SourceVersion} to {report.DestinationVersion}: {report.Tables} tables and {report.Objects} other objects, about {report.Rows} rows, {report.DataBytes / 1048576.0:0.#} MiB of rows and {report.IndexBytes / 1048576.0:0.#} MiB of indexes."));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Cautious estimate: {TimeSpan.FromSeconds(Math.Ceiling(report.SchemaSeconds)):c} for the schema, {TimeSpan.FromSeconds(Math.Ceiling(report.CopySeconds)):c} for the rows."));
        return ExitCode.Done;
    }
}
