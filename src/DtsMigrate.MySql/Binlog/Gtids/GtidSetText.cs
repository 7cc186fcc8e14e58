using System.Globalization;

namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>Reads GTID sets from text.</summary>
internal static class GtidSetText
{
    public static GtidSet Parse(string text)
    {
        Dictionary<GtidTag, List<GtidInterval>> intervals = [];
        foreach (Range range in text.AsSpan().Split(','))
        {
            ReadOnlySpan<char> part = text.AsSpan()[range].Trim();
            if (!part.IsEmpty)
            {
                ParseServer(part, intervals);
            }
        }

        return GtidSet.From(intervals);
    }

    /// <summary>One UUID with its intervals; a tag holds for the intervals after it.</summary>
    private static void ParseServer(ReadOnlySpan<char> text, Dictionary<GtidTag, List<GtidInterval>> intervals)
    {
        GtidTag origin = default;
        bool first = true, complete = false;
        foreach (Range range in text.Split(':'))
        {
            ReadOnlySpan<char> part = text[range].Trim();
            if (first)
            {
                origin = new GtidTag(ParseUuid(part), "");
                first = false;
            }
            else if (!part.IsEmpty && char.IsAsciiDigit(part[0]))
            {
                if (!intervals.TryGetValue(origin, out List<GtidInterval>? list))
                {
                    intervals.Add(origin, list = []);
                }

                list.Add(ParseInterval(part));
                complete = true;
            }
            else
            {
                string tag = part.ToString().ToLowerInvariant();
                if (!GtidTag.IsLegalTag(tag))
                {
                    throw Illegal(part, "an interval or a tag");
                }

                origin = origin with { Tag = tag };
                complete = false;
            }
        }

        if (!complete)
        {
            throw new FormatException($"'{text}' names no transaction numbers; a GTID set looks like 'uuid:1-5:7'.");
        }
    }

    private static Guid ParseUuid(ReadOnlySpan<char> text) =>
        Guid.TryParseExact(text, "D", out Guid uuid) || Guid.TryParseExact(text, "N", out uuid) ? uuid : throw Illegal(text, "a server UUID");

    private static GtidInterval ParseInterval(ReadOnlySpan<char> text)
    {
        int dash = text.IndexOf('-');
        long first = ParseNumber(dash < 0 ? text : text[..dash].TrimEnd());
        long last = dash < 0 ? first : ParseNumber(text[(dash + 1)..].TrimStart());
        return last >= first ? new GtidInterval(first, last + 1) : throw Illegal(text, "an interval");
    }

    private static long ParseNumber(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number is >= 1 and <= Gtid.MaximumNumber
            ? number
            : throw Illegal(text, "a transaction number");

    private static FormatException Illegal(ReadOnlySpan<char> text, string expected) =>
        new($"'{text}' is not {expected} of a GTID set.");
}
