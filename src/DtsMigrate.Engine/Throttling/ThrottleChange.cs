using System.Globalization;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Throttling;

/// <summary>A change of some limits of a task; null leaves a limit as it is, 0 lifts it.</summary>
public sealed record ThrottleChange
{
    /// <summary>See <see cref="ThrottleLimits.FullQueriesPerSecond"/>.</summary>
    public long? FullQueriesPerSecond { get; init; }

    /// <summary>See <see cref="ThrottleLimits.FullRowsPerSecond"/>.</summary>
    public long? FullRowsPerSecond { get; init; }

    /// <summary>See <see cref="ThrottleLimits.FullMegabytesPerSecond"/>.</summary>
    public long? FullMegabytesPerSecond { get; init; }

    /// <summary>See <see cref="ThrottleLimits.IncrementalRowsPerSecond"/>.</summary>
    public long? IncrementalRowsPerSecond { get; init; }

    /// <summary>See <see cref="ThrottleLimits.IncrementalMegabytesPerSecond"/>.</summary>
    public long? IncrementalMegabytesPerSecond { get; init; }

    /// <summary>The change that leads from one set of limits to another; what is the same in both is left out.</summary>
    public static ThrottleChange Between(ThrottleLimits from, ThrottleLimits to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return new ThrottleChange
        {
            FullQueriesPerSecond = Changed(from.FullQueriesPerSecond, to.FullQueriesPerSecond),
            FullRowsPerSecond = Changed(from.FullRowsPerSecond, to.FullRowsPerSecond),
            FullMegabytesPerSecond = Changed(from.FullMegabytesPerSecond, to.FullMegabytesPerSecond),
            IncrementalRowsPerSecond = Changed(from.IncrementalRowsPerSecond, to.IncrementalRowsPerSecond),
            IncrementalMegabytesPerSecond = Changed(from.IncrementalMegabytesPerSecond, to.IncrementalMegabytesPerSecond),
        };

        static long? Changed(long before, long after) => before == after ? null : after;
    }

    /// <summary>The limits after the change.</summary>
    public ThrottleLimits ApplyTo(ThrottleLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new ThrottleLimits
        {
            FullQueriesPerSecond = FullQueriesPerSecond ?? limits.FullQueriesPerSecond,
            FullRowsPerSecond = FullRowsPerSecond ?? limits.FullRowsPerSecond,
            FullMegabytesPerSecond = FullMegabytesPerSecond ?? limits.FullMegabytesPerSecond,
            IncrementalRowsPerSecond = IncrementalRowsPerSecond ?? limits.IncrementalRowsPerSecond,
            IncrementalMegabytesPerSecond = IncrementalMegabytesPerSecond ?? limits.IncrementalMegabytesPerSecond,
        };
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="DtsMigrateException">Code <c>ThrottleOutOfRange</c>.</exception>
    public void Validate()
    {
        Check(FullQueriesPerSecond, TaskOptionRange.FullQueriesPerSecond);
        Check(FullRowsPerSecond, TaskOptionRange.FullRowsPerSecond);
        Check(FullMegabytesPerSecond, TaskOptionRange.FullMegabytesPerSecond);
        Check(IncrementalRowsPerSecond, TaskOptionRange.IncrementalRowsPerSecond);
        Check(IncrementalMegabytesPerSecond, TaskOptionRange.IncrementalMegabytesPerSecond);
    }

    private static void Check(long? value, TaskOptionRange range)
    {
        if (value is { } given && !range.Contains(given))
        {
            throw new DtsMigrateException("ThrottleOutOfRange", string.Create(CultureInfo.InvariantCulture, $"The throttle {range.Member} cannot be {given}."))
            {
                Target = range.Member,
                RecommendedAction = string.Create(CultureInfo.InvariantCulture, $"Use a whole number from {range.Minimum} to {range.Maximum}; 0 lifts the limit."),
            };
        }
    }
}
