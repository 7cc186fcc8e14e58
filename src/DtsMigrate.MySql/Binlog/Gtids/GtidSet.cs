using System.Globalization;
using System.Text;

namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>An immutable set of GTIDs: per origin, sorted disjoint intervals.</summary>
/// <remarks>MySQL reference manual, "GTID Format and Storage".</remarks>
public sealed class GtidSet : IEquatable<GtidSet>
{
    // Sorted by origin. Sets come from few servers, so adding a GTID copies a short array of references.
    private readonly (GtidTag Origin, GtidIntervals Intervals)[] _origins;

    private GtidSet((GtidTag Origin, GtidIntervals Intervals)[] origins) => _origins = origins;

    /// <summary>The empty set.</summary>
    public static GtidSet Empty { get; } = new([]);

    /// <summary>True when the set holds nothing.</summary>
    public bool IsEmpty => _origins.Length == 0;

    /// <summary>Number of GTIDs in the set.</summary>
    public ulong Count
    {
        get
        {
            ulong count = 0;
            foreach ((_, GtidIntervals intervals) in _origins)
            {
                count += intervals.Total();
            }

            return count;
        }
    }

    internal ReadOnlySpan<(GtidTag Origin, GtidIntervals Intervals)> Origins => _origins;

    /// <summary>Reads the text form, <c>uuid:1-5:7:tag:1-3,uuid:...</c>; white space and newlines are legal, case is not significant.</summary>
    /// <exception cref="FormatException">The text is not a GTID set.</exception>
    public static GtidSet Parse(string text) => GtidSetText.Parse(text);

    /// <summary>Reads the binary form of PREVIOUS_GTIDS and COM_BINLOG_DUMP_GTID, plain or tagged.</summary>
    /// <exception cref="Errors.MySqlProtocolException">The bytes are not a GTID set.</exception>
    public static GtidSet ParseBinary(ReadOnlySpan<byte> bytes) => GtidSetBinary.Parse(bytes);

    /// <summary>The binary form that COM_BINLOG_DUMP_GTID takes; tagged form only when a tag is present.</summary>
    public byte[] ToBinary() => GtidSetBinary.Write(this);

    /// <summary>True when the GTID is in the set.</summary>
    public bool Contains(Gtid gtid)
    {
        int index = Find(gtid.Origin);
        return index >= 0 && _origins[index].Intervals.Contains(gtid.Number);
    }

    /// <summary>True when every GTID of the other set is in this one.</summary>
    public bool Contains(GtidSet other)
    {
        foreach ((GtidTag origin, GtidIntervals intervals) in other._origins)
        {
            int index = Find(origin);
            if (index < 0 || !_origins[index].Intervals.Contains(intervals))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>This set and one GTID more. Cheap when the GTID extends an interval.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in 1 .. 2^63-2.</exception>
    public GtidSet With(Gtid gtid)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gtid.Number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(gtid.Number, Gtid.MaximumNumber);
        int index = Find(gtid.Origin);
        if (index < 0)
        {
            return new GtidSet([.. _origins[..~index], (gtid.Origin, GtidIntervals.Single(gtid.Number)), .. _origins[~index..]]);
        }

        GtidIntervals old = _origins[index].Intervals;
        GtidIntervals grown = old.With(gtid.Number);
        if (ReferenceEquals(old, grown))
        {
            return this;
        }

        (GtidTag Origin, GtidIntervals Intervals)[] origins = [.. _origins];
        origins[index].Intervals = grown;
        return new GtidSet(origins);
    }

    /// <summary>Union of both sets.</summary>
    public GtidSet Union(GtidSet other) => Combine(other, static (mine, theirs) =>
        mine is null ? theirs : theirs is null ? mine : mine.Union(theirs));

    /// <summary>What is in this set and not in the other.</summary>
    public GtidSet Minus(GtidSet other) => Combine(other, static (mine, theirs) =>
        mine is null || theirs is null ? mine : mine.Minus(theirs));

    /// <summary>What is in both sets.</summary>
    public GtidSet Intersect(GtidSet other) => Combine(other, static (mine, theirs) =>
        mine is null || theirs is null ? null : mine.Intersect(theirs));

    /// <summary>The text form as the server writes it: lines of one UUID each, comma and newline between them.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        Guid? last = null;
        foreach ((GtidTag origin, GtidIntervals intervals) in _origins)
        {
            if (origin.Uuid != last)
            {
                text.Append(last is null ? "" : ",\n").Append(CultureInfo.InvariantCulture, $"{origin.Uuid:D}");
                last = origin.Uuid;
            }

            if (origin.Tag.Length > 0)
            {
                text.Append(':').Append(origin.Tag);
            }

            for (int i = 0; i < intervals.Count; i++)
            {
                (long first, long end) = (intervals[i].Start, intervals[i].End);
                text.Append(CultureInfo.InvariantCulture, $":{first}");
                if (end > first + 1)
                {
                    text.Append(CultureInfo.InvariantCulture, $"-{end - 1}");
                }
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(GtidSet? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || other._origins.Length != _origins.Length)
        {
            return false;
        }

        for (int i = 0; i < _origins.Length; i++)
        {
            if (_origins[i].Origin != other._origins[i].Origin || !_origins[i].Intervals.SameAs(other._origins[i].Intervals))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GtidSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach ((GtidTag origin, GtidIntervals intervals) in _origins)
        {
            hash.Add(origin);
            hash.Add(intervals.Count);
            hash.Add(intervals[intervals.Count - 1]);
        }

        return hash.ToHashCode();
    }

    /// <summary>From intervals in any order.</summary>
    internal static GtidSet From(Dictionary<GtidTag, List<GtidInterval>> intervals)
    {
        List<(GtidTag Origin, GtidIntervals Intervals)> origins = new(intervals.Count);
        foreach ((GtidTag origin, List<GtidInterval> list) in intervals)
        {
            if (GtidIntervals.FromAny(list) is { } merged)
            {
                origins.Add((origin, merged));
            }
        }

        origins.Sort(static (a, b) => a.Origin.CompareTo(b.Origin));
        return origins.Count == 0 ? Empty : new GtidSet([.. origins]);
    }

    private GtidSet Combine(GtidSet other, Func<GtidIntervals?, GtidIntervals?, GtidIntervals?> combine)
    {
        List<(GtidTag Origin, GtidIntervals Intervals)> result = new(_origins.Length + other._origins.Length);
        for (int i = 0, j = 0; i < _origins.Length || j < other._origins.Length;)
        {
            int order = i == _origins.Length ? 1 : j == other._origins.Length ? -1 : _origins[i].Origin.CompareTo(other._origins[j].Origin);
            GtidTag origin = order <= 0 ? _origins[i].Origin : other._origins[j].Origin;
            GtidIntervals? mine = order <= 0 ? _origins[i++].Intervals : null;
            GtidIntervals? theirs = order >= 0 ? other._origins[j++].Intervals : null;
            if (combine(mine, theirs) is { } combined)
            {
                result.Add((origin, combined));
            }
        }

        return result.Count == 0 ? Empty : new GtidSet([.. result]);
    }

    /// <summary>Index of the origin, or the complement of where it would be.</summary>
    private int Find(GtidTag origin)
    {
        int low = 0, high = _origins.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int order = _origins[middle].Origin.CompareTo(origin);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        return ~low;
    }
}
