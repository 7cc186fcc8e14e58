using System.Globalization;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;

namespace DtsMigrate.Engine.Alerts;

/// <summary>
/// Decides from one status after the other what is to be told: each rule once when it fires and once when it clears. A lag has to stay above its threshold for three looks, and clears below half
/// of it. Which rules have fired is kept by the caller over runs. Not thread safe.
/// </summary>
internal sealed class AlertRules
{
    public const string Failure = "Failure";
    public const string Lag = "Lag";
    public const string FullTime = "FullMigrationTime";

    private const int LooksBeforeLag = 3;

    private readonly AlertOptions _options;
    private readonly HashSet<string> _fired;
    private int _above;

    public AlertRules(AlertOptions options, IEnumerable<string> fired)
    {
        _options = options;
        _fired = [.. fired];
    }

    /// <summary>Rules that have fired and not cleared.</summary>
    public IReadOnlyCollection<string> Fired => _fired;

    /// <summary>Looks at a status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="copyTime">How long full data migration has taken, over all runs.</param>
    public IReadOnlyList<Alert> Look(MigrationStatus status, TimeSpan copyTime)
    {
        var alerts = new List<Alert>();
        if (_options.OnFailure)
        {
            bool failed = status.State is nameof(TaskState.Failed) or nameof(TaskState.PrecheckFailed);
            bool well = status.State is nameof(TaskState.FullCopy) or nameof(TaskState.CatchingUp) or nameof(TaskState.Replicating) or nameof(TaskState.Completed);
            Judge(alerts, Failure, failed, well, status, failed ? status.Error ?? status.Message : "The task runs again.");
        }

        if (_options.LagSeconds > 0 && status.LagSeconds is { } lag)
        {
            _above = lag > _options.LagSeconds ? _above + 1 : 0;
            string words = string.Create(CultureInfo.InvariantCulture, $"The lag is {lag:0.#} s; the threshold is {_options.LagSeconds} s.");
            Judge(alerts, Lag, _above >= LooksBeforeLag, lag <= _options.LagSeconds / 2.0, status, words);
        }

        if (_options.FullMigrationMinutes > 0)
        {
            bool copying = status.TablesTotal == 0 || status.TablesDone < status.TablesTotal;
            string words = string.Create(CultureInfo.InvariantCulture, $"Full data migration has taken {copyTime.TotalMinutes:0} minutes; the limit is {_options.FullMigrationMinutes}.");
            Judge(alerts, FullTime, copying && copyTime.TotalMinutes > _options.FullMigrationMinutes, !copying, status, copying ? words : "Full data migration is done.");
        }

        return alerts;
    }

    private void Judge(List<Alert> alerts, string rule, bool fires, bool clears, MigrationStatus status, string message)
    {
        if (fires ? _fired.Add(rule) : clears && _fired.Remove(rule))
        {
            alerts.Add(new Alert(
                status.Name, rule, fires ? "Fired" : "Cleared", message, status.State, status.LagSeconds, fires ? status.RecommendedAction : null, Environment.MachineName, status.UpdatedAt));
        }
    }
}
