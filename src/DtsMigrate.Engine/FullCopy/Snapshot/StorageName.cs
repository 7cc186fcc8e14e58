using System.Globalization;

namespace DtsMigrate.Engine.FullCopy.Snapshot;

/// <summary>
/// Names as InnoDB keeps them: <c>database/table</c>, then <c>#p#..</c> for a partition, and what is no ASCII letter, digit or underscore as <c>@</c> and four hexadecimal digits of UTF-16, or as <c>@</c> and two
/// characters of a table of alphabets (Reference Manual, "Mapping of Identifiers to File Names"). Of two such characters at least one is no hexadecimal digit.
/// </summary>
internal static class StorageName
{
    /// <summary>True when a stored name may be that of a table or of one of its partitions. What the table of alphabets would tell is not looked up, nor is case: it may be true without need.</summary>
    public static bool MayBe(string stored, QualifiedName table)
    {
        int slash = stored.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return false;
        }

        int partition = stored.IndexOf('#', slash);
        return MayBe(stored.AsSpan(0, slash), table.Database) && MayBe(stored.AsSpan((slash + 1)..(partition < 0 ? stored.Length : partition)), table.Name);
    }

    private static bool MayBe(ReadOnlySpan<char> stored, string name)
    {
        foreach (char c in name)
        {
            if (stored.IsEmpty)
            {
                return false;
            }

            int length = 1;
            bool same;
            if (stored[0] != '@')
            {
                same = char.ToUpperInvariant(stored[0]) == char.ToUpperInvariant(c);
            }
            else if (stored.Length >= 5 && ushort.TryParse(stored[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                length = 5;
                same = char.ToUpperInvariant((char)unit) == char.ToUpperInvariant(c);
            }
            else
            {
                length = Math.Min(3, stored.Length);
                same = !char.IsAscii(c);
            }

            if (!same)
            {
                return false;
            }

            stored = stored[length..];
        }

        return stored.IsEmpty;
    }
}
