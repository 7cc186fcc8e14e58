using System.Globalization;

namespace DtsMigrate.Engine.Throttling;

/// <summary>The limits of a running task, changed at any time by <see cref="Limits"/>. Thread safe.</summary>
public sealed class Throttle
{
    private const double BytesPerMegabyte = 1e6;

    private readonly TokenBucket _queries;
    private readonly TokenBucket _fullRows;
    private readonly TokenBucket _fullBytes;
    private readonly TokenBucket _incrementalRows;
    private readonly TokenBucket _incrementalBytes;
    private volatile ThrottleLimits _limits = ThrottleLimits.None;

    /// <summary>Creates it.</summary>
    /// <param name="limits">Limits to begin with.</param>
    /// <param name="time">Clock.</param>
    public Throttle(ThrottleLimits limits, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _queries = new TokenBucket(time);
        _fullRows = new TokenBucket(time);
        _fullBytes = new TokenBucket(time);
        _incrementalRows = new TokenBucket(time);
        _incrementalBytes = new TokenBucket(time);
        Full = new Pace(_fullRows, _fullBytes);
        Incremental = new Pace(_incrementalRows, _incrementalBytes);
        Limits = limits;
    }

    /// <summary>The limits in force. New ones take hold within a quarter of a second, also of those who wait.</summary>
    public ThrottleLimits Limits
    {
        get => _limits;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _limits = value;
            _queries.Rate = value.FullQueriesPerSecond;
            _fullRows.Rate = value.FullRowsPerSecond;
            _fullBytes.Rate = value.FullMegabytesPerSecond * BytesPerMegabyte;
            _incrementalRows.Rate = value.IncrementalRowsPerSecond;
            _incrementalBytes.Rate = value.IncrementalMegabytesPerSecond * BytesPerMegabyte;
        }
    }

    /// <summary>Which limits slow the task just now, in words; null when none does.</summary>
    public string? Reason
    {
        get
        {
            ThrottleLimits limits = _limits;
            List<string>? at = null;
            Add(_queries, limits.FullQueriesPerSecond, "queries/s to the source");
            Add(_fullRows, limits.FullRowsPerSecond, "rows/s of full data migration");
            Add(_fullBytes, limits.FullMegabytesPerSecond, "MB/s of full data migration");
            Add(_incrementalRows, limits.IncrementalRowsPerSecond, "rows/s of incremental data migration");
            Add(_incrementalBytes, limits.IncrementalMegabytesPerSecond, "MB/s of incremental data migration");
            return at is null ? null : $"Throttled at {string.Join(" and ", at)}.";

            void Add(TokenBucket bucket, long limit, string unit)
            {
                if (bucket.IsSlowing)
                {
                    (at ??= []).Add(string.Create(CultureInfo.InvariantCulture, $"{limit:N0} {unit}"));
                }
            }
        }
    }

    /// <summary>Reasons as one text; null without one.</summary>
    internal static string? Join(params ReadOnlySpan<string?> reasons) => string.Join(' ', reasons.ToArray().OfType<string>()) is { Length: > 0 } text ? text : null;

    /// <summary>Rows and bytes of full data migration.</summary>
    internal Pace Full { get; }

    /// <summary>Rows and bytes of incremental data migration.</summary>
    internal Pace Incremental { get; }

    /// <summary>Charges one query to the source, and waits until it may be sent. Never to be called while a lock is held on the source.</summary>
    internal ValueTask QueryAsync(CancellationToken cancellationToken) => _queries.TakeAsync(1, cancellationToken);
}
