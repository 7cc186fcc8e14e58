using System.Collections.Frozen;
using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Faults;

/// <summary>
/// Whether a failed run tries again by itself, and when: for as many days as the task allows, from its first failure or from the last progress on; after ten seconds at first, then ever
/// more seldom.
/// </summary>
internal sealed class AutoRecovery(int days, TimeProvider time)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(15);

    // Somebody else has the task, or it is not this task: to go on would be wrong, however often it is tried.
    private static readonly FrozenSet<string> Never = new[] { "LeaseLost", "LeaseHeld", "TaskDefinitionChanged", "CheckpointLayoutUnknown", "AmbiguousCommit" }.ToFrozenSet(StringComparer.Ordinal);

    private DateTimeOffset? _since;
    private int _failures;
    private long _progress = long.MinValue;

    /// <summary>What comes of a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="progress">A number that grows as the task gets on.</param>
    /// <returns>The wait before the next try and when trying ends; null when the task has failed for good.</returns>
    public (TimeSpan Delay, DateTimeOffset Ends)? Next(Exception failure, long progress)
    {
        if (days == 0 || failure is OperationCanceledException or PrecheckBlockedException or TaskDefinitionException || IsFinal(failure))
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (progress > _progress)
        {
            _progress = progress;
            _since = null;
            _failures = 0;
        }

        DateTimeOffset ends = (_since ??= now) + TimeSpan.FromDays(days);
        if (now >= ends)
        {
            return null;
        }

        double seconds = Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 10)), LongestDelay.TotalSeconds);
        return (TimeSpan.FromSeconds(seconds), ends);
    }

    private static bool IsFinal(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is DtsMigrateException own && Never.Contains(own.Code))
            {
                return true;
            }
        }

        return false;
    }
}
