namespace DtsMigrate.MySql.Binlog.Gtids;

/// <summary>The origin of a GTID: server UUID and optional tag (8.3 and later). Tags are lower case.</summary>
/// <param name="Uuid">UUID of the originating server.</param>
/// <param name="Tag">Tag, empty for none.</param>
public readonly record struct GtidTag(Guid Uuid, string Tag) : IComparable<GtidTag>
{
    /// <summary>Longest legal tag, in characters.</summary>
    public const int MaximumTagLength = 32;

    /// <summary>Order of the text form: by UUID, then by tag, no tag first.</summary>
    public int CompareTo(GtidTag other)
    {
        int order = Uuid.CompareTo(other.Uuid);
        return order != 0 ? order : string.CompareOrdinal(Tag, other.Tag);
    }

    /// <summary>True for a tag as the server keeps it: a letter or underscore, then letters, digits and underscores, in lower case, 32 at most.</summary>
    public static bool IsLegalTag(string tag)
    {
        if (tag.Length is 0 or > MaximumTagLength || char.IsAsciiDigit(tag[0]))
        {
            return false;
        }

        foreach (char c in tag)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Earlier in the text form.</summary>
    public static bool operator <(GtidTag left, GtidTag right) => left.CompareTo(right) < 0;

    /// <summary>Earlier in the text form, or equal.</summary>
    public static bool operator <=(GtidTag left, GtidTag right) => left.CompareTo(right) <= 0;

    /// <summary>Later in the text form.</summary>
    public static bool operator >(GtidTag left, GtidTag right) => left.CompareTo(right) > 0;

    /// <summary>Later in the text form, or equal.</summary>
    public static bool operator >=(GtidTag left, GtidTag right) => left.CompareTo(right) >= 0;
}
