using System.Globalization;

namespace DtsMigrate.Engine.Precheck.Checks;

/// <summary>Binary logs are kept long enough to come back after an interruption.</summary>
internal sealed class BinlogRetentionCheck : IPrecheck
{
    /// <inheritdoc/>
    public string Code => "BinlogRetention";

    /// <inheritdoc/>
    public string Category => PrecheckCategory.BinaryLog;

    /// <inheritdoc/>
    public PrecheckNeeds Needs => PrecheckNeeds.Source;

    /// <inheritdoc/>
    public bool AppliesTo(PrecheckContext context) => context.HasIncremental;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(PrecheckContext context, CancellationToken cancellationToken)
    {
        const double Least = 3;
        double seconds = double.TryParse(context.Source.Variable("binlog_expire_logs_seconds"), CultureInfo.InvariantCulture, out double value) ? value : 0;
        double days = double.TryParse(context.Source.Variable("expire_logs_days"), CultureInfo.InvariantCulture, out double old) ? old : 0;
        double kept = seconds > 0 ? seconds / 86400 : days;
        bool isPurged = kept > 0 && !context.Source.Variable("binlog_expire_logs_auto_purge").Equals("OFF", StringComparison.OrdinalIgnoreCase);
        string shown = kept.ToString("0.##", CultureInfo.InvariantCulture);
        Finding finding = isPurged && kept < Least
            ? Finding.Warning(
                "source",
                $"Binary logs are kept for {shown} days. A task that is interrupted for longer must start anew.",
                "Keep them for at least 3 days, better 7.",
                context.Source.Version.IsAtLeast(8) ? "SET GLOBAL binlog_expire_logs_seconds = 604800;" : "SET GLOBAL expire_logs_days = 7;")
            : Finding.Passed("source", isPurged ? $"Binary logs are kept for {shown} days." : "Binary logs are not purged by age.");
        return Task.FromResult<IReadOnlyList<Finding>>([finding]);
    }
}
