using System.Globalization;

namespace DtsMigrate.Engine.Throttling;

/// <summary>How much a task may ask of its servers: whole numbers per second, 0 for no limit.</summary>
public sealed record ThrottleLimits
{
    /// <summary>No limits.</summary>
    public static ThrottleLimits None { get; } = new();

    /// <summary>Queries per second to the source during full data migration: reads of rows, of chunk bounds and of definitions.</summary>
    public long FullQueriesPerSecond { get; init; }

    /// <summary>Rows per second of full data migration.</summary>
    public long FullRowsPerSecond { get; init; }

    /// <summary>Megabytes (1,000,000 bytes) per second of full data migration, counted as sent to the destination.</summary>
    public long FullMegabytesPerSecond { get; init; }

    /// <summary>Row changes per second of incremental data migration.</summary>
    public long IncrementalRowsPerSecond { get; init; }

    /// <summary>Megabytes (1,000,000 bytes) per second of incremental data migration, counted as sent to the destination.</summary>
    public long IncrementalMegabytesPerSecond { get; init; }

    /// <summary>The limits in words; empty without one.</summary>
    public override string ToString()
    {
        var full = new List<string>();
        var incremental = new List<string>();
        Add(full, FullQueriesPerSecond, "queries/s");
        Add(full, FullRowsPerSecond, "rows/s");
        Add(full, FullMegabytesPerSecond, "MB/s");
        Add(incremental, IncrementalRowsPerSecond, "rows/s");
        Add(incremental, IncrementalMegabytesPerSecond, "MB/s");
        var parts = new List<string>();
        if (full.Count > 0)
        {
            parts.Add("full " + string.Join(", ", full));
        }

        if (incremental.Count > 0)
        {
            parts.Add("incremental " + string.Join(", ", incremental));
        }

        return string.Join("; ", parts);
    }

    private static void Add(List<string> parts, long limit, string unit)
    {
        if (limit > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{limit:N0} {unit}"));
        }
    }
}
