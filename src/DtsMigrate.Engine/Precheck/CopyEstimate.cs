using System.Globalization;
using DtsMigrate.Engine.Schema;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Precheck;

/// <summary>How much there is to copy, and for how long about. The server's sizes are estimates, and so is this: good for comparing with days, not for a timetable.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="DataBytes">Bytes of rows.</param>
/// <param name="IndexBytes">Bytes of secondary indexes.</param>
/// <param name="Duration">Time of the copy, indexes included.</param>
internal sealed record CopyEstimate(long Rows, long DataBytes, long IndexBytes, TimeSpan Duration)
{
    /// <summary>2^20 bytes of rows and indexes a second: what one disk of a small server writes with every commit flushed. Larger servers are faster.</summary>
    public const int CautiousMegabytesPerSecond = 10;

    /// <summary>Estimates the copy of tables with the limits that the task sets itself.</summary>
    public static CopyEstimate Of(IReadOnlyList<TableDefinition> tables, TaskOptions options)
    {
        long rows = tables.Sum(t => t.EstimatedRows);
        long data = tables.Sum(t => t.EstimatedBytes);
        long indexes = tables.Sum(t => t.EstimatedIndexBytes);
        double seconds = (data + indexes) / (double)(CautiousMegabytesPerSecond << 20);
        if (options.Throttle.FullMegabytesPerSecond > 0)
        {
            seconds = Math.Max(seconds, data / (double)(options.Throttle.FullMegabytesPerSecond << 20));
        }

        if (options.Throttle.FullRowsPerSecond > 0)
        {
            seconds = Math.Max(seconds, rows / (double)options.Throttle.FullRowsPerSecond);
        }

        return new CopyEstimate(rows, data, indexes, TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(36500).TotalSeconds)));
    }

    /// <summary>A duration for a message: in the largest unit that fits.</summary>
    public static string Show(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalDays:0.#} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0.#} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(duration.TotalSeconds):0} s"),
    };

    /// <summary>A number of bytes for a message: 2^20 or 2^30 of them.</summary>
    public static string Show(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / (double)(1 << 20)):0} MiB");
}
