using System.Text;
using DtsMigrate.Engine.Sql;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Errors;

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

        // No code page of .NET is theirs.
        ["dec8"] = StatementEncoding.Ascii,
        ["hp8"] = StatementEncoding.Ascii,
        ["armscii8"] = StatementEncoding.Ascii,
        ["geostd8"] = StatementEncoding.Ascii,
        ["keybcs2"] = StatementEncoding.Ascii,
        ["macce"] = StatementEncoding.Ascii,
    };

    /// <summary>Decodes the statement.</summary>
    /// <param name="query">Event.</param>
    /// <param name="collations">Collation names by id.</param>
    /// <returns>The text; null when it is not plain ASCII and its character set is not known here, or when a name holds bytes that are no characters of it.</returns>
    public static string? Decode(QueryEvent query, IReadOnlyDictionary<int, string> collations)
    {
        var bytes = query.SqlBytes.Span;
        if (!bytes.ContainsAnyExceptInRange((byte)0, (byte)127))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        string? text = EncodingOf(CharsetOf(query, collations))?.Decode(bytes);
        return text is null || (StatementEncoding.HasRawBytes(text) && !IsInTextAlone(text, query)) ? null : text;
    }

    /// <summary>
    /// Encodes a statement that was made of an event's, in the event's character set: what was not changed has the bytes that the source ran.
    /// </summary>
    /// <param name="query">Event.</param>
    /// <param name="collations">Collation names by id.</param>
    /// <param name="text">The statement.</param>
    /// <param name="charset">The character set that the session must say; null when the event names none.</param>
    /// <returns>The bytes; null when a name on the destination has characters that the character set does not have.</returns>
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

        return EncodingOf(charset)?.Encode(text);
    }

    // What a name is must be known; strings and comments go as they came.
    private static bool IsInTextAlone(string text, QueryEvent query)
    {
        try
        {
            var tokens = SqlLexer.Read(text, SqlModeBits.Syntax(query.Context.SqlMode ?? 0));
            return tokens.TrueForAll(t => t.Kind is SqlTokenKind.Text or SqlTokenKind.Comment || !StatementEncoding.HasRawBytes(text.AsSpan(t.Start, t.Length)));
        }
        catch (DtsMigrateException e) when (e.Code == "SqlNotUnderstood")
        {
            return false;
        }
    }

    private static string? CharsetOf(QueryEvent query, IReadOnlyDictionary<int, string> collations) =>
        query.Context.Charsets is { } charsets ? collations.GetValueOrDefault(charsets.Client)?.Split('_')[0] : "utf8mb4";

    private static StatementEncoding? EncodingOf(string? charset) => charset switch
    {
        "utf8mb4" or "utf8mb3" or "utf8" or "binary" or "ascii" => StatementEncoding.Of(charset, 0),
        not null when CodePages.TryGetValue(charset, out int page) => StatementEncoding.Of(charset, page),
        _ => null,
    };
}
