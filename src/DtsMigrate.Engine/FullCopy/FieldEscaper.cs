using System.Buffers;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>Escapes field bytes, one vectorised search per run of harmless bytes.</summary>
internal static class FieldEscaper
{
    /// <summary>No byte needs more than this many bytes escaped.</summary>
    public const int MaxGrowth = 2;

    // Per byte, whatever the character set: sjis and gbk have 0x5C as a second byte. The other bytes that OUTFILE escapes (NUL, CR, SUB) mean
    // nothing to LOAD DATA when fields are not enclosed.
    private static readonly SearchValues<byte> LoadSpecial = SearchValues.Create("\t\n\\"u8);
    private static readonly SearchValues<byte> QuoteSpecial = SearchValues.Create("'\\"u8);

    /// <summary>Where the next byte is that <see cref="ForLoad"/> escapes.</summary>
    /// <param name="bytes">Searched.</param>
    /// <param name="from">First place that counts.</param>
    /// <returns>Its place, at or after <paramref name="from"/>; the length when there is none.</returns>
    public static int IndexOfLoadSpecial(ReadOnlySpan<byte> bytes, int from)
    {
        int found = bytes[from..].IndexOfAny(LoadSpecial);
        return found < 0 ? bytes.Length : from + found;
    }

    /// <summary>For LOAD DATA with tab, newline and backslash as separators and escape.</summary>
    /// <param name="source">Field bytes.</param>
    /// <param name="target">At least twice as long.</param>
    /// <returns>Bytes written.</returns>
    public static int ForLoad(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int written = 0;
        while (true)
        {
            int harmless = source.IndexOfAny(LoadSpecial);
            if (harmless < 0)
            {
                source.CopyTo(target[written..]);
                return written + source.Length;
            }

            source[..harmless].CopyTo(target[written..]);
            written += harmless;
            target[written] = (byte)'\\';
            target[written + 1] = source[harmless] switch { (byte)'\t' => (byte)'t', (byte)'\n' => (byte)'n', _ => (byte)'\\' };
            written += 2;
            source = source[(harmless + 1)..];
        }
    }

    /// <summary>For the inside of a quoted literal in a session with NAMES binary and without NO_BACKSLASH_ESCAPES.</summary>
    /// <param name="source">Field bytes.</param>
    /// <param name="target">At least twice as long.</param>
    /// <returns>Bytes written.</returns>
    public static int ForQuotes(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int written = 0;
        while (true)
        {
            int harmless = source.IndexOfAny(QuoteSpecial);
            if (harmless < 0)
            {
                source.CopyTo(target[written..]);
                return written + source.Length;
            }

            source[..harmless].CopyTo(target[written..]);
            written += harmless;
            target[written] = (byte)'\\';
            target[written + 1] = source[harmless];
            written += 2;
            source = source[(harmless + 1)..];
        }
    }
}
