using System.Globalization;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Binary logs are kept for longer than the copy takes, and long enough to come back after an interruption.</summary>
internal sealed class BinlogRetentionCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogRetention";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool CanIgnore => true;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        var copy = context.HasFull ? CopyEstimate.Of([.. (context.Routes ?? []).Select(r => r.Definition)], context.Task.Options) : null;
        return Task.FromResult<IReadOnlyList<Finding>>([Judge(Kept(context.Source), copy?.Duration ?? TimeSpan.Zero, context.Task.Options.BinlogSpoolMegabytes > 0, context.Source.Version)]);
    }

    /// <summary>Judges the time for which binary logs are kept (null: not purged by age) by the estimated time of the copy.</summary>
    internal static Finding Judge(TimeSpan? kept, TimeSpan copy, bool isSpooled, ServerVersion version)
    {
        if (kept is not { } time)
        {
            return Finding.Passed("source", "Binary logs are not purged by age.");
        }

        // The changes made during the copy are read after it began, and once more as long to catch up.
        string shown = CopyEstimate.Show(time);
        string needs = copy == TimeSpan.Zero ? "at least 3 days are asked for, better 7" : $"the copy alone takes about {CopyEstimate.Show(copy)}, and at least 3 days are asked for, better 7";
        long wanted = (long)Math.Ceiling(Math.Max(Recommended.TotalSeconds, copy.TotalSeconds * 2));
        string fix = version.IsAtLeast(8)
            ? string.Create(CultureInfo.InvariantCulture, $"SET GLOBAL binlog_expire_logs_seconds = {Math.Min(wanted, uint.MaxValue)};")
            : string.Create(CultureInfo.InvariantCulture, $"SET GLOBAL expire_logs_days = {Math.Min((long)Math.Ceiling(TimeSpan.FromSeconds(wanted).TotalDays), 99)};");
        const string Remedy = "Keep them longer until the migration is over, or have them read ahead (binlogSpoolMegabytes). What purges by hand, or a managed service by its own setting, is not seen here.";
        return time < copy && !isSpooled
            ? Finding.Failed("source", $"Binary logs are kept for {shown}; {needs}: changes would be purged before they are read.", Remedy, fix) with { Evidence = shown }
            : time < Recommended || time < copy * 2
                ? Finding.Warning("source", $"Binary logs are kept for {shown}; {needs}. A task that is interrupted for longer must start anew.", Remedy, fix) with { Evidence = shown }
                : Finding.Passed("source", $"Binary logs are kept for {shown}.");
    }

    private static readonly TimeSpan Recommended = TimeSpan.FromDays(7);

    private static TimeSpan? Kept(PrecheckServer server)
    {
        double seconds = Number(server.Variable("binlog_expire_logs_seconds"));
        double kept = seconds > 0 ? seconds : Number(server.Variable("expire_logs_days")) * 86400;
        return kept > 0 && !server.Variable("binlog_expire_logs_auto_purge").Equals("OFF", StringComparison.OrdinalIgnoreCase) ? TimeSpan.FromSeconds(kept) : null;
    }

    private static double Number(string value) => double.TryParse(value, CultureInfo.InvariantCulture, out double number) ? number : 0;
}
