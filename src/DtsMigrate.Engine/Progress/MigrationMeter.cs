using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace DtsMigrate.Engine.Progress;

/// <summary>
/// The runs of this process as metrics of <see cref="System.Diagnostics.Metrics"/>, for dotnet-counters and OpenTelemetry: meter <c>DtsMigrate</c>, each instrument with the tag <c>task</c>. The values
/// are those of the status as last written.
/// </summary>
public static class MigrationMeter
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "DtsMigrate";

    private static readonly ConcurrentDictionary<string, MigrationStatus> Running = new(StringComparer.Ordinal);
    private static readonly Meter Meter = Make();

    /// <summary>Shows a status of a run.</summary>
    internal static void Publish(MigrationStatus status)
    {
        // The field keeps the instruments alive; reading it makes them.
        _ = Meter;
        Running[status.Name] = status;
    }

    /// <summary>A run has ended: its instruments have no value any more.</summary>
    internal static void Withdraw(string task) => Running.TryRemove(task, out _);

    private static Meter Make()
    {
        var meter = new Meter(Name);
        meter.CreateObservableCounter("dtsmigrate.copy.rows", () => Values(static status => status.RowsCopied), "{row}", "Rows copied by full data migration.");
        meter.CreateObservableCounter("dtsmigrate.copy.bytes", () => Values(static status => status.BytesCopied), "By", "Bytes copied by full data migration.");
        meter.CreateObservableGauge("dtsmigrate.copy.percent", () => Values(static status => status.Percent), "%", "Share of the rows that are copied.");
        meter.CreateObservableGauge("dtsmigrate.copy.tables.done", () => Values(static status => (long)status.TablesDone), "{table}", "Tables whose copy is done.");
        meter.CreateObservableGauge("dtsmigrate.copy.tables.total", () => Values(static status => (long)status.TablesTotal), "{table}", "Selected tables.");
        meter.CreateObservableCounter("dtsmigrate.apply.changes", () => Values(static status => status.ChangesApplied), "{change}", "Row changes applied by incremental data migration.");
        meter.CreateObservableGauge("dtsmigrate.apply.lag", () => Values(static status => status.LagSeconds), "s", "Lag of the destination; no value while unknown.");
        meter.CreateObservableGauge("dtsmigrate.throttled", () => Values(static status => status.ThrottleReason is null ? 0L : 1L), "1", "1 while a limit holds the task back.");
        return meter;
    }

    private static IEnumerable<Measurement<T>> Values<T>(Func<MigrationStatus, T?> value)
        where T : struct =>
        from status in Running.Values
        let measured = value(status)
        where measured is not null
        select new Measurement<T>(measured.Value, new KeyValuePair<string, object?>("task", status.Name), new KeyValuePair<string, object?>("state", status.State));

    private static IEnumerable<Measurement<long>> Values(Func<MigrationStatus, long> value) => Values<long>(status => value(status));
}
