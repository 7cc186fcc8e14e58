using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using static DtsMigrate.Engine.Report.ReportText;

namespace DtsMigrate.Engine.Report;

/// <summary>The report as Markdown, for tickets and wikis.</summary>
public static class MarkdownReport
{
    /// <summary>Writes it.</summary>
    public static string Write(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        MigrationStatus status = data.Status;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Migration {status.Name}: {status.State}\n\n{Cell(data.Source)} to {Cell(data.Destination)}, {data.MigrationTypes}, {data.ConflictMode}\n\n");
        text.Append(Cell(status.Error ?? status.Message)).Append(status.RecommendedAction is null ? "\n\n" : $" {Cell(status.RecommendedAction)}\n\n");
        text.Append("| | |\n|---|---|\n");
        foreach ((string label, string value) in ReportFacts.Of(data))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {label} | {value} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"| Position | {Cell(status.Position ?? "–")} |\n\n## Timeline\n\n| From (UTC) | State | For | Reason |\n|---|---|---:|---|\n");
        foreach (ReportSpan span in data.Timeline)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Time(span.Start)} | {span.State} | {Duration(span.Seconds)} | {Cell(span.Reason)} |\n");
        }

        text.Append("\n## Precheck\n\n| Outcome | Check | Target | Finding |\n|---|---|---|---|\n");
        foreach (PrecheckResult result in data.Precheck?.Results ?? [])
        {
            string approved = result.ApprovedBy is null ? string.Empty : $" Approved by {Cell(result.ApprovedBy)}: {Cell(result.ApprovedReason)}";
            text.Append(CultureInfo.InvariantCulture, $"| {result.Outcome} | {result.Check} | {Cell(result.Target)} | {Cell(result.Message)}{approved} |\n");
        }

        text.Append("\n## Tables\n\n| Table | Destination | State | Rows | Size | Changes |\n|---|---|---|---:|---:|---:|\n");
        foreach (TableStatus table in data.Tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(table.Table)} | {Cell(table.Destination)} | {table.State} | {Count(table.Rows)} | {Bytes(table.Bytes)} | {Count(table.Changes)} |\n");
        }

        Log(text, "DDL", data.Ddl);
        Log(text, "Warnings and errors", data.Problems);
        return text.Append(CultureInfo.InvariantCulture, $"\nMade by DtsMigrate at {Time(data.CreatedAt)} UTC.\n").ToString();
    }

    private static void Log(StringBuilder text, string title, IReadOnlyList<LogEntry> entries)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| Time (UTC) | Level | Phase | Message |\n|---|---|---|---|\n");
        foreach (LogEntry entry in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Time(entry.Time)} | {entry.Level} | {entry.Phase} | {Cell(entry.Message)} |\n");
        }
    }
}
