using System.Text.RegularExpressions;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Report;

/// <summary>Collects a report's data from the folder of a task; connects to nothing, and works while a worker writes.</summary>
public static partial class ReportReader
{
    private const int MostEntries = 200;

    /// <summary>Collects it.</summary>
    /// <exception cref="MySql.Errors.DtsMigrateException">TaskNotFound, or the definition is faulty.</exception>
    public static ReportData Read(TaskFolder folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(time);
        MigrationTask task = folder.ReadTask();
        MigrationStatus status = TaskStatusReader.Read(folder);
        IReadOnlyList<LogEntry> log = new LogReader(folder, new LogQuery()).Read();
        var approvals = new PrecheckApprovals(folder, time);
        PrecheckRecord? precheck = folder.ReadPrecheck();
        return new ReportData
        {
            CreatedAt = time.GetUtcNow(),
            Source = ServerText.Account(task.Source),
            Destination = ServerText.Account(task.Destination),
            MigrationTypes = task.MigrationTypes.ToString(),
            ConflictMode = task.ConflictMode.ToString(),
            EnvironmentTag = task.Options.EnvironmentTag,
            Status = status,
            Tables = folder.ReadTables(),
            Precheck = precheck is null ? null : precheck with { Results = [.. precheck.Results.Select(approvals.Refresh)] },
            Timeline = Timeline(log, status.WorkerPid is null ? null : time.GetUtcNow()),
            Samples = SampleReader.Read(folder),
            Problems = [.. log.Where(static entry => entry.Level >= LogLevel.Warning).TakeLast(MostEntries)],
            Ddl = [.. log.Where(IsDdl).TakeLast(MostEntries)],
        };
    }

    /// <summary>The states by the transitions that the log tells.</summary>
    /// <param name="log">The log.</param>
    /// <param name="now">Now, when a worker is at work; null lets the last state end with the log.</param>
    internal static IReadOnlyList<ReportSpan> Timeline(IReadOnlyList<LogEntry> log, DateTimeOffset? now)
    {
        var spans = new List<ReportSpan>();
        foreach (LogEntry entry in log.Where(static entry => entry.Phase == "State"))
        {
            if (Transition().Match(entry.Message) is not { Success: true } match)
            {
                continue;
            }

            if (spans.Count > 0)
            {
                spans[^1] = spans[^1] with { End = entry.Time };
            }

            spans.Add(new ReportSpan(match.Groups[2].Value, entry.Time, entry.Time, match.Groups[3].Value));
        }

        if (spans.Count > 0)
        {
            spans[^1] = spans[^1] with { End = now ?? log[^1].Time };
        }

        return spans;
    }

    /// <summary>The stream's entries about statements that it met.</summary>
    private static bool IsDdl(LogEntry entry) => entry.Phase == "Incremental" && entry.Message.Contains("DDL", StringComparison.Ordinal);

    [GeneratedRegex(@"^(\w+) to (\w+): (.*)$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Transition();
}
