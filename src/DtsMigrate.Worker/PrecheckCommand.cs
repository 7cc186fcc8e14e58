using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Worker.CommandLine;

namespace DtsMigrate.Worker;

/// <summary><c>dtsmigrate precheck</c>: judges without running, and records what is ignored.</summary>
internal sealed class PrecheckCommand(Arguments arguments, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        MigrationTask task = TaskDefinitionReader.ReadFile(arguments.Operand);
        TaskFolder folder = new TaskHome(arguments.Home).Folder(task.Name);
        if (arguments.Ignore is { } check)
        {
            PrecheckIgnores.Ignore(folder, check, arguments.Reason!, Environment.UserName, TimeProvider.System);
        }

        var secrets = new SecretResolver();
        var results = new List<PrecheckResult>();
        await foreach (PrecheckResult result in TaskPrecheck.RunAsync(task, folder, secrets, TimeProvider.System, arguments.Again, cancellationToken))
        {
            results.Add(result);
            await output.WriteLineAsync(arguments.Json ? TaskJson.Write(result) : Line(result));
        }

        var summary = PrecheckSummary.Of(results);
        if (!arguments.Json)
        {
            await output.WriteLineAsync($"{summary.SuccessPercent} %: {summary.Passed} passed, {summary.Warnings} warnings, {summary.Failed} failed, {summary.Ignored} ignored, {summary.Skipped} skipped.");
        }

        return summary.Failed > 0 ? ExitCode.PrecheckBlocked : ExitCode.Done;
    }

    private static string Line(PrecheckResult result)
    {
        string line = $"{result.Outcome,-8} {result.Check} ({result.Target}): {result.Message}";
        line += result is { Outcome: nameof(PrecheckOutcome.Failed), CanIgnore: true } ? " May be ignored." : string.Empty;
        line += result.IgnoredReason is { } reason ? $" Ignored by {result.IgnoredBy} at {result.IgnoredAt:u}: {reason}" : string.Empty;
        line += result.Recommendation is { } remedy ? $"\n         {remedy}" : string.Empty;
        return line + (result.FixSql is { } sql ? $"\n         {sql}" : string.Empty);
    }
}
