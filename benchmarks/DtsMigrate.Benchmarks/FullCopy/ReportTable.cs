using System.Globalization;
using System.Text;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>The report as tables in Markdown.</summary>
internal static class ReportTable
{
    public static string Format(Report report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"MySQL {report.MySqlVersion}, {report.Cores} cores for both servers and the client, {report.StartedAt:u}, load average before {Number(report.LoadBefore, "F1")}");
        foreach (var set in report.Sets)
        {
            Append(text, set);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, SetReport set)
    {
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Set {set.Set}: {set.Description}; {Number(set.Bytes / 1e6, "F0")} MB; {set.Rounds} round{(set.Rounds == 1 ? "" : "s")}; load average at the start of each run {LoadRange(set.Samples)}");
        text.AppendLine();
        text.AppendLine("| contender | wall s, median | fastest .. slowest | x ours | x ours, binlog off | source CPU s | destination CPU s | destination wrote MB | client CPU s | client CPU s/GB | peak MB | CPU s of others |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var line in set.Contenders)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {line.Contender} | {line.WallSeconds:F1} | {line.Fastest:F1} .. {line.Slowest:F1} | {Number(line.RatioToOurs, "F2")} | {Number(line.RatioToOursBinlogOff, "F2")} | {Number(line.SourceCpuSeconds, "F1")} | {Number(line.DestinationCpuSeconds, "F1")} | {Number(line.DestinationWrittenMb, "F0")} | {Number(line.ClientCpuSeconds, "F2")} | {Number(line.ClientCpuPerGb, "F2")} | {Number(line.PeakMb, "F0")} | {Number(line.ForeignCpuSeconds, "F1")} |");
        }

        foreach (var (contender, why) in set.Skipped)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"\nSkipped: {contender}: {why}");
        }
    }

    private static string LoadRange(IReadOnlyList<Sample> samples) =>
        $"{Number(samples.Min(sample => sample.Used.LoadBefore), "F1")} .. {Number(samples.Max(sample => sample.Used.LoadBefore), "F1")}";

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
