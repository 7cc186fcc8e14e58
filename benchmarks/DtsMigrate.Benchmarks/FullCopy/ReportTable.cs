using System.Globalization;
using System.Text;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>The report as a table in Markdown.</summary>
internal static class ReportTable
{
    public static string Format(Report report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"MySQL {report.MySqlVersion}; 4 tables of {report.RowsPerTable:N0} rows, {report.Bytes / 1e6:F0} MB; {report.Rounds} round{(report.Rounds == 1 ? "" : "s")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Cores} cores for both servers and the client; load average before: {Number(report.LoadBefore, "F1")}, at the start of each run: {LoadRange(report.Samples)}");
        text.AppendLine();
        text.AppendLine("| contender | wall s, median | fastest .. slowest | x ours | destination CPU s | engine CPU s | engine CPU s/GB | engine peak MB |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var line in report.Contenders)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {line.Contender} | {line.WallSeconds:F1} | {line.Fastest:F1} .. {line.Slowest:F1} | {Number(line.RatioToOurs, "F2")} | {Number(line.DestinationCpuSeconds, "F1")} | {Number(line.EngineCpuSeconds, "F1")} | {Number(line.EngineCpuPerGb, "F2")} | {Number(line.EnginePeakMb, "F0")} |");
        }

        foreach (var (contender, why) in report.Skipped)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"\nSkipped: {contender}: {why}");
        }

        return text.ToString();
    }

    private static string LoadRange(IReadOnlyList<Sample> samples) =>
        $"{Number(samples.Min(sample => sample.LoadBefore), "F1")} .. {Number(samples.Max(sample => sample.LoadBefore), "F1")}";

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
