using DtsMigrate.Engine.Progress;
using static DtsMigrate.Engine.Report.ReportText;

namespace DtsMigrate.Engine.Report;

/// <summary>What every report begins with: the numbers of a migration, in words.</summary>
internal static class ReportFacts
{
    public static IReadOnlyList<(string Label, string Value)> Of(ReportData data)
    {
        MigrationStatus status = data.Status;
        return
        [
            ("Of the rows copied", Percent(status.Percent)),
            ("Tables copied", $"{Count(status.TablesDone)} / {Count(status.TablesTotal)}"),
            ("Rows copied", Count(status.RowsCopied)),
            ("Data copied", Bytes(status.BytesCopied)),
            ("Changes applied", Count(status.ChangesApplied)),
            ("Lag", Duration(status.LagSeconds)),
            ("Since the first start", data.Timeline.Count == 0 ? "–" : Duration((data.Timeline[^1].End - data.Timeline[0].Start).TotalSeconds)),
            ("Peak memory of the worker", status.PeakMemoryMb > 0 ? Count(status.PeakMemoryMb) + " MiB" : "–"),
        ];
    }
}
