namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>
/// Sorted, disjoint, non-touching, non-empty intervals of one origin. Immutable. The last interval lives outside the array: a stream of
/// transactions grows that one, and the array, which may hold many holes of old times, is then shared and not copied.
/// </summary>
internal sealed class GtidIntervals
{
    private readonly GtidInterval[] _head;
    private readonly GtidInterval _last;

    private GtidIntervals(GtidInterval[] head, GtidInterval last)
    {
        _head = head;
        _last = last;
    }

    public int Count => _head.Length + 1;

    public GtidInterval this[int index] => index < _head.Length ? _head[index] : _last;

    /// <summary>From intervals that already are sorted, disjoint and non-touching; null for none.</summary>
    public static GtidIntervals? From(ReadOnlySpan<GtidInterval> intervals) =>
        intervals.IsEmpty ? null : new GtidIntervals(intervals[..^1].ToArray(), intervals[^1]);

    /// <summary>From intervals in any order, overlapping or not; null for none. Sorts the list.</summary>
    public static GtidIntervals? FromAny(List<GtidInterval> intervals)
    {
        intervals.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        List<GtidInterval> merged = new(intervals.Count);
        foreach (GtidInterval interval in intervals)
        {
            if (merged.Count > 0 && interval.Start <= merged[^1].End)
            {
                merged[^1] = merged[^1] with { End = Math.Max(merged[^1].End, interval.End) };
            }
            else
            {
                merged.Add(interval);
            }
        }

        return From(merged.ToArray());
    }

    public static GtidIntervals Single(long number) => new([], new GtidInterval(number, number + 1));

    public ulong Total()
    {
        ulong total = (ulong)(_last.End - _last.Start);
        foreach (GtidInterval interval in _head)
        {
            total += (ulong)(interval.End - interval.Start);
        }

        return total;
    }

    public bool Contains(long number) => Contains(new GtidInterval(number, number + 1));

    public bool Contains(GtidIntervals other)
    {
        for (int i = 0; i < other.Count; i++)
        {
            if (!Contains(other[i]))
            {
                return false;
            }
        }

        return true;
    }

    public GtidIntervals With(long number)
    {
        if (number == _last.End)
        {
            return new GtidIntervals(_head, _last with { End = number + 1 });
        }

        if (Contains(number))
        {
            return this;
        }

        return number > _last.End
            ? new GtidIntervals([.. _head, _last], new GtidInterval(number, number + 1))
            : Union(Single(number));
    }

    public GtidIntervals Union(GtidIntervals other)
    {
        List<GtidInterval> all = new(Count + other.Count);
        AddTo(all);
        other.AddTo(all);
        return FromAny(all)!;
    }

    /// <summary>What is here and not in the other; null for nothing.</summary>
    public GtidIntervals? Minus(GtidIntervals other)
    {
        List<GtidInterval> result = [];
        int skip = 0;
        for (int i = 0; i < Count; i++)
        {
            (long start, long end) = (this[i].Start, this[i].End);
            while (skip < other.Count && other[skip].End <= start)
            {
                skip++;
            }

            for (int j = skip; j < other.Count && other[j].Start < end; j++)
            {
                if (other[j].Start > start)
                {
                    result.Add(new GtidInterval(start, other[j].Start));
                }

                start = other[j].End;
            }

            if (start < end)
            {
                result.Add(new GtidInterval(start, end));
            }
        }

        return From(result.ToArray());
    }

    /// <summary>What is in both; null for nothing.</summary>
    public GtidIntervals? Intersect(GtidIntervals other)
    {
        List<GtidInterval> result = [];
        for (int i = 0, j = 0; i < Count && j < other.Count;)
        {
            long start = Math.Max(this[i].Start, other[j].Start);
            long end = Math.Min(this[i].End, other[j].End);
            if (start < end)
            {
                result.Add(new GtidInterval(start, end));
            }

            if (this[i].End < other[j].End)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return From(result.ToArray());
    }

    public bool SameAs(GtidIntervals other) => _last == other._last && _head.AsSpan().SequenceEqual(other._head);

    public void AddTo(List<GtidInterval> list)
    {
        list.AddRange(_head);
        list.Add(_last);
    }

    private bool Contains(GtidInterval wanted)
    {
        if (wanted.Start >= _last.Start)
        {
            return wanted.End <= _last.End;
        }

        // The last interval of the head that starts at or before the wanted one.
        int low = 0, high = _head.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_head[middle].Start <= wanted.Start)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low > 0 && wanted.End <= _head[low - 1].End;
    }
}
