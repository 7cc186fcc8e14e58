using System.Text;
using DtsMigrate.MySql.Binlog.Events;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Decodes the text of a Query event, which is in its session's client character set.</summary>
internal static class StatementText
{
    // Code pages of MySQL's client character sets; those that are ASCII supersets in UTF-8 need none.
    private static readonly Dictionary<string, int> CodePages = new(StringComparer.Ordinal)
    {
        ["latin1"] = 1252,
        ["latin2"] = 28592,
        ["latin5"] = 28599,
        ["latin7"] = 28603,
        ["greek"] = 28597,
        ["hebrew"] = 28598,
        ["cp1250"] = 1250,
        ["cp1251"] = 1251,
        ["cp1256"] = 1256,
        ["cp1257"] = 1257,
        ["cp850"] = 850,
        ["cp852"] = 852,
        ["cp866"] = 866,
        ["koi8r"] = 20866,
        ["koi8u"] = 21866,
        ["tis620"] = 874,
        ["gbk"] = 936,
        ["gb2312"] = 936,
        ["gb18030"] = 54936,
        ["big5"] = 950,
        ["sjis"] = 932,
        ["cp932"] = 932,
        ["ujis"] = 51932,
        ["eucjpms"] = 51932,
        ["euckr"] = 51949,
        ["macroman"] = 10000,
    };

    /// <summary>Decodes the statement.</summary>
    /// <param name="query">Event.</param>
    /// <param name="collations">Collation names by id.</param>
    /// <returns>The text; null when it is not plain ASCII and its character set is not known here.</returns>
    public static string? Decode(QueryEvent query, IReadOnlyDictionary<int, string> collations)
    {
        var bytes = query.SqlBytes.Span;
        if (!bytes.ContainsAnyExceptInRange((byte)0, (byte)127))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        return EncodingOf(CharsetOf(query, collations))?.GetString(bytes);
    }

    /// <summary>
    /// Encodes a statement that was made of an event's, in the event's character set: what was not changed has the bytes that the source ran.
    /// </summary>
    /// <param name="query">Event.</param>
    /// <param name="collations">Collation names by id.</param>
    /// <param name="text">The statement.</param>
    /// <param name="charset">The character set that the session must say; null when the event names none.</param>
    /// <returns>The bytes; null when text and bytes do not map to each other exactly.</returns>
    public static byte[]? Encode(QueryEvent query, IReadOnlyDictionary<int, string> collations, string text, out string? charset)
    {
        charset = CharsetOf(query, collations);
        bool isAscii = !query.SqlBytes.Span.ContainsAnyExceptInRange((byte)0, (byte)127);
        if (isAscii && text.All(char.IsAscii))
        {
            return Encoding.ASCII.GetBytes(text);
        }

        if (isAscii)
        {
            // Only a name of the destination is beyond ASCII.
            charset = "utf8mb4";
            return Encoding.UTF8.GetBytes(text);
        }

        if (EncodingOf(charset) is not { } encoding || !encoding.GetBytes(encoding.GetString(query.SqlBytes.Span)).AsSpan().SequenceEqual(query.SqlBytes.Span))
        {
            return null;
        }

        byte[] bytes = encoding.GetBytes(text);
        return encoding.GetString(bytes) == text ? bytes : null;
    }

    private static string? CharsetOf(QueryEvent query, IReadOnlyDictionary<int, string> collations) =>
        query.Context.Charsets is { } charsets ? collations.GetValueOrDefault(charsets.Client)?.Split('_')[0] : "utf8mb4";

    private static Encoding? EncodingOf(string? charset) => charset switch
    {
        "utf8mb4" or "utf8mb3" or "utf8" or "binary" or "ascii" => Encoding.UTF8,
        not null when CodePages.TryGetValue(charset, out int page) => CodePagesEncodingProvider.Instance.GetEncoding(page),
        _ => null,
    };
}
