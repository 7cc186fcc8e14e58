using System.Globalization;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.MySql.Session;

/// <summary>Reads the info text of LOAD DATA: four numbers in fixed order. The words depend on lc_messages, the order does not.</summary>
internal static class LoadInfo
{
    private const int Numbers = 4;

    /// <exception cref="MySqlProtocolException">The text does not hold four numbers: what was loaded is not known, and must not be guessed.</exception>
    public static LoadResult Parse(string info)
    {
        Span<long> found = stackalloc long[Numbers];
        int count = 0;
        for (int i = 0; i < info.Length; i++)
        {
            if (!char.IsAsciiDigit(info[i]))
            {
                continue;
            }

            int start = i;
            while (i < info.Length && char.IsAsciiDigit(info[i]))
            {
                i++;
            }

            if (count == Numbers || !long.TryParse(info.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out found[count++]))
            {
                throw Unreadable(info);
            }
        }

        return count == Numbers ? new LoadResult(found[0], found[1], found[2], found[3]) : throw Unreadable(info);
    }

    private static MySqlProtocolException Unreadable(string info) =>
        new($"The result text of LOAD DATA is not understood: \"{(info.Length <= 200 ? info : info[..200])}\".");
}
