namespace DtsMigrate.Engine.Progress;

/// <summary>Which entries of a log are wanted.</summary>
public sealed record LogQuery
{
    /// <summary>The least level.</summary>
    public LogLevel Level { get; init; }

    /// <summary>Entries of this instant and later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only the last entries that match: 1 and more; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Phases wanted, for example <c>FullCopy</c>, in any case; null for all.</summary>
    public IReadOnlyCollection<string>? Phases { get; init; }

    /// <summary>True when the entry is wanted.</summary>
    public bool Takes(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Level >= Level
            && (Since is not { } since || entry.Time >= since)
            && (Phases is null || Phases.Contains(entry.Phase, StringComparer.OrdinalIgnoreCase));
    }
}
