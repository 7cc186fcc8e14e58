using System.Globalization;
using System.Text;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Progress;
using static DtsMigrate.Engine.Report.ReportText;

namespace DtsMigrate.Engine.Report;

/// <summary>The report as one HTML file: no script, nothing fetched, light and dark.</summary>
public static class HtmlReport
{
    /// <summary>Writes it.</summary>
    public static string Write(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        MigrationStatus status = data.Status;
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .Append("<meta name=\"color-scheme\" content=\"light dark\">")
            .Append(CultureInfo.InvariantCulture, $"<title>Migration {Html(status.Name)}</title><style>{HtmlStyle.Css}</style></head><body><main>\n");
        html.Append(CultureInfo.InvariantCulture, $"<header><h1>{Html(status.Name)}</h1><span class=\"badge {Tone(status.State)}\">{Html(status.State)}</span>");
        html.Append(data.EnvironmentTag is null ? string.Empty : $"<span class=\"badge mute\">{Html(data.EnvironmentTag)}</span>").Append("</header>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">{Html(data.Source)} → {Html(data.Destination)} · {Html(data.MigrationTypes)} · {Html(data.ConflictMode)}</p>\n");
        Summary(html, data);
        Charts(html, data);
        Prechecks(html, data.Precheck);
        Tables(html, data.Tables);
        Log(html, "DDL", data.Ddl, "No DDL was met.");
        Log(html, "Warnings and errors", data.Problems, "None.");
        Position(html, data);
        return html.Append(CultureInfo.InvariantCulture, $"<footer>Made by DtsMigrate at {Time(data.CreatedAt)} UTC. All times are UTC.</footer>\n</main></body></html>\n").ToString();
    }

    private static void Summary(StringBuilder html, ReportData data)
    {
        MigrationStatus status = data.Status;
        html.Append("<div class=\"cards\">");
        foreach ((string label, string value) in ReportFacts.Of(data))
        {
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"card\"><b>{Html(value)}</b><span>{Html(label)}</span></div>");
        }

        html.Append("</div>\n");
        if (status.Error is not null || status.Message.Length > 0)
        {
            string tone = status.Error is null ? "info" : "bad";
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"note {tone}\"><p>{Html(status.Error ?? status.Message)}</p>");
            html.Append(status.RecommendedAction is null ? string.Empty : $"<p class=\"mute\">{Html(status.RecommendedAction)}</p>").Append("</div>\n");
        }
    }

    private static void Charts(StringBuilder html, ReportData data)
    {
        html.Append("<h2>Timeline</h2>\n");
        if (data.Timeline.Count == 0)
        {
            html.Append("<p class=\"mute\">The task was never started.</p>\n");
            return;
        }

        html.Append(SvgTimeline.Draw(data.Timeline)).Append("<div class=\"legend\">");
        foreach (IGrouping<string, ReportSpan> state in data.Timeline.Where(static span => span.Seconds >= 0.05).GroupBy(static span => span.State))
        {
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"{SvgTimeline.Class(state.Key)}\"><i></i>{Html(state.Key)} {Duration(state.Sum(static span => span.Seconds))}</span>");
        }

        html.Append("</div>\n<details><summary>Every state with its reason</summary><div class=\"wide\"><table class=\"stack\"><tr><th>From</th><th>State</th><th class=\"num\">For</th><th>Reason</th></tr>");
        foreach (ReportSpan span in data.Timeline)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"nowrap\">{Time(span.Start)}</td><td>{Html(span.State)}</td><td class=\"num\">{Duration(span.Seconds)}</td><td class=\"text\">{Html(span.Reason)}</td></tr>");
        }

        html.Append("</table></div></details>\n");
        if (data.Samples.Count < 2)
        {
            return;
        }

        List<DateTimeOffset> times = [.. data.Samples.Select(static sample => sample.Time)];
        html.Append("<h2>Throughput</h2>\n");
        html.Append(SvgChart.Draw(
            "Rows copied and changes applied per second",
            times,
            ("rows", [.. data.Samples.Select(static sample => sample.RowsPerSecond)]),
            ("changes", [.. data.Samples.Select(static sample => sample.ChangesPerSecond)])));
        html.Append("<div class=\"legend\"><span class=\"k-rows\"><i></i>rows copied per second</span><span class=\"k-changes\"><i></i>changes applied per second</span></div>\n");
        if (data.Samples.Any(static sample => sample.LagSeconds is not null))
        {
            html.Append("<h2>Lag in seconds</h2>\n").Append(SvgChart.Draw("Lag in seconds", times, ("lag", [.. data.Samples.Select(static sample => sample.LagSeconds ?? double.NaN)]))).Append('\n');
        }
    }

    private static void Prechecks(StringBuilder html, PrecheckRecord? precheck)
    {
        html.Append("<h2>Precheck</h2>\n");
        if (precheck is null)
        {
            html.Append("<p class=\"mute\">There was none yet.</p>\n");
            return;
        }

        string counts = string.Join(", ", precheck.Results.GroupBy(static result => result.Outcome).Select(static group => $"{group.Count()} {group.Key}"));
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"mute\">{Time(precheck.At)}: {Html(counts)}</p>\n<div class=\"wide\"><table class=\"stack\"><tr><th>Outcome</th><th>Check</th><th>Target</th><th>Finding</th></tr>");
        foreach (PrecheckResult result in precheck.Results.Where(static result => result.Outcome is not (nameof(PrecheckOutcome.Passed) or nameof(PrecheckOutcome.Skipped))))
        {
            Row(html, result);
        }

        html.Append("</table></div>\n<details><summary>Passed and skipped</summary><div class=\"wide\"><table class=\"stack\">");
        foreach (PrecheckResult result in precheck.Results.Where(static result => result.Outcome is nameof(PrecheckOutcome.Passed) or nameof(PrecheckOutcome.Skipped)))
        {
            Row(html, result);
        }

        html.Append("</table></div></details>\n");
    }

    private static void Row(StringBuilder html, PrecheckResult result)
    {
        string tone = result.Outcome switch { "Passed" => "good", "Warning" => "warn", "Failed" => "bad", "Approved" => "info", _ => "mute" };
        html.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"{tone}\">{Html(result.Outcome)}</td><td class=\"nowrap\">{Html(result.Check)}</td><td>{Html(result.Target)}</td><td class=\"text\">{Html(result.Message)}");
        if (result.Outcome is "Warning" or "Failed" && result.Recommendation is not null)
        {
            html.Append(CultureInfo.InvariantCulture, $"<br><span class=\"mute\">{Html(result.Recommendation)}</span>");
        }

        if (result.FixSql is not null)
        {
            html.Append(CultureInfo.InvariantCulture, $"<pre>{Html(result.FixSql)}</pre>");
        }

        if (result.ApprovedBy is not null)
        {
            html.Append(CultureInfo.InvariantCulture, $"<br><span class=\"info\">Approved by {Html(result.ApprovedBy)}, {Time(result.ApprovedAt ?? default)}: {Html(result.ApprovedReason)}</span>");
        }

        html.Append("</td></tr>");
    }

    private static void Tables(StringBuilder html, IReadOnlyList<TableStatus> tables)
    {
        html.Append("<h2>Tables</h2>\n");
        if (tables.Count == 0)
        {
            html.Append("<p class=\"mute\">Not known yet.</p>\n");
            return;
        }

        html.Append("<div class=\"wide\"><table><tr><th>Table</th><th>State</th><th>Copied</th><th class=\"num\">Rows</th><th class=\"num\">Size</th><th class=\"num\">Changes</th></tr>");
        foreach (TableStatus table in tables)
        {
            string name = table.Table == table.Destination ? Html(table.Table) : $"{Html(table.Table)} <span class=\"mute\">→ {Html(table.Destination)}</span>";
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{name}</td><td>{Html(table.State)}</td><td><span class=\"meter\" title=\"{Percent(table.Percent)}\"><i style=\"width:{table.Percent:0.#}%\"></i></span></td>");
            html.Append(CultureInfo.InvariantCulture, $"<td class=\"num\">{Count(table.Rows)}</td><td class=\"num\">{Bytes(table.Bytes)}</td><td class=\"num\">{Count(table.Changes)}</td></tr>");
        }

        html.Append("</table></div>\n");
    }

    private static void Log(StringBuilder html, string title, IReadOnlyList<LogEntry> entries, string none)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n");
        if (entries.Count == 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"mute\">{none}</p>\n");
            return;
        }

        html.Append("<div class=\"wide\"><table class=\"stack\"><tr><th>Time</th><th>Level</th><th>Phase</th><th>Message</th></tr>");
        foreach (LogEntry entry in entries)
        {
            string tone = entry.Level switch { LogLevel.Error => "bad", LogLevel.Warning => "warn", _ => "mute" };
            html.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"nowrap\">{Time(entry.Time)}</td><td class=\"{tone}\">{entry.Level}</td><td>{Html(entry.Phase)}</td><td class=\"text\"><pre>{Html(entry.Message)}</pre></td></tr>");
        }

        html.Append("</table></div>\n");
    }

    private static void Position(StringBuilder html, ReportData data)
    {
        html.Append("<h2>Position</h2>\n");
        html.Append(data.Status.Position is { } position
            ? $"<p class=\"mute\">Everything that the source has executed up to here is applied:</p><pre>{Html(position)}</pre>\n"
            : "<p class=\"mute\">None: there is no stream yet.</p>\n");
    }

    private static string Tone(string state) => state switch
    {
        "Completed" or "Replicating" or "Ready" => "good",
        "Failed" or "PrecheckFailed" or "Interrupted" => "bad",
        "Retrying" or "Suspended" or "Stopping" => "warn",
        "Created" or "Stopped" => "mute",
        _ => "info",
    };
}
