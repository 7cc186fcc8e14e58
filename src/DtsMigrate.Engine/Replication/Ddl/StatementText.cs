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

        string charset = "utf8mb4";
        if (query.Context.Charsets is { } charsets)
        {
            if (!collations.TryGetValue(charsets.Client, out string? collation))
            {
                return null;
            }

            charset = collation.Split('_')[0];
        }

        return charset switch
        {
            "utf8mb4" or "utf8mb3" or "utf8" or "binary" or "ascii" => Encoding.UTF8.GetString(bytes),
            _ when CodePages.TryGetValue(charset, out int page) => CodePagesEncodingProvider.Instance.GetEncoding(page)!.GetString(bytes),
            _ => null,
        };
    }
}
