using System.Buffers.Text;
using DtsMigrate.MySql.Binlog.Values.Json;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// What a SELECT asks the source about a JSON column, because the documents' text does not tell it: two expressions that list the nodes whose type would change if
/// the text were parsed again. Each is NULL where there are none, else a JSON array of numbers: ordinal times 16, plus the <see cref="JsonNodeKind"/>.
/// </summary>
internal static class JsonProbe
{
    /// <summary>Expressions per column.</summary>
    public const int Fields = 2;

    /// <summary>What an ordinal is multiplied by, so that the kind can be added to it.</summary>
    public const int KindFactor = 1 << KindBits;

    private const int KindBits = 4;

    // In the order of JsonNodeKind, from 1.
    private const string Kinds =
        "_utf8mb4'DECIMAL',_utf8mb4'DATE',_utf8mb4'TIME',_utf8mb4'DATETIME',_utf8mb4'TIMESTAMP',_utf8mb4'BLOB',_utf8mb4'BIT',_utf8mb4'OPAQUE',_utf8mb4'UNSIGNED INTEGER',_utf8mb4'DOUBLE'";

    // Whatever is not known to be told by its text is listed.
    private const string Plain = "_utf8mb4'OBJECT',_utf8mb4'ARRAY',_utf8mb4'STRING',_utf8mb4'INTEGER',_utf8mb4'DOUBLE',_utf8mb4'BOOLEAN',_utf8mb4'NULL'";

    /// <summary>The expressions for a column, separated by a comma. Servers without JSON_TABLE are asked by <see cref="JsonWalk"/>.</summary>
    /// <param name="column">Its quoted name.</param>
    /// <param name="doubles">DOUBLEs to be listed too.</param>
    public static string Select(string column, ListedDoubles doubles) =>
        $"CASE WHEN {IsContainer(column)} THEN {List(column, "$**.*", doubles)} WHEN {Listed(column, doubles)} THEN JSON_ARRAY({Kind(column)}) END,"
        + List(column, "$**[*]", doubles);

    /// <summary>An expression: the value's <see cref="JsonNodeKind"/> as a number.</summary>
    public static string Kind(string value) => $"FIELD(JSON_TYPE({value}),{Kinds})";

    /// <summary>A condition: the value is a document of more than one node.</summary>
    public static string IsContainer(string value) => $"JSON_TYPE({value}) IN (_utf8mb4'OBJECT',_utf8mb4'ARRAY')";

    /// <summary>A condition: the type of the value would change if its text were parsed again.</summary>
    public static string Listed(string value, ListedDoubles doubles)
    {
        string listed = $"JSON_TYPE({value}) NOT IN ({Plain})";
        string text = $"CAST({value} AS CHAR CHARACTER SET utf8mb4)";
        var also = new List<string>();
        if (doubles.HasFlag(ListedDoubles.Misrounded))
        {
            also.Add($"({value}+0e0)<>0 AND (ABS({value}+0e0)>=1e15 OR ABS({value}+0e0)<1e-7 OR LENGTH({text})>16)");
        }

        if (doubles.HasFlag(ListedDoubles.Whole))
        {
            also.Add($"LOCATE(_utf8mb4'.',{text})=0 AND LOCATE(_utf8mb4'e',{text})=0");
        }

        return also.Count == 0 ? listed : $"({listed} OR JSON_TYPE({value})=_utf8mb4'DOUBLE' AND ({string.Join(" OR ", also)}))";
    }

    /// <summary>Reads what one of the expressions has said, or one of those of <see cref="JsonWalk"/>: <c>[a, b]</c> or <c>2:a,b,</c>.</summary>
    /// <exception cref="DtsMigrateException">Code <c>JsonTypesNotCarried</c>: something else than a list of numbers, or one that was cut off.</exception>
    public static JsonNodeMark[] Parse(ReadOnlySpan<byte> list)
    {
        ReadOnlySpan<byte> rest;
        int count;
        if (list is [(byte)'[', .., (byte)']'])
        {
            rest = list[1..^1];
            count = rest.Count((byte)',') + 1;
        }
        else
        {
            // GROUP_CONCAT cuts off what is too long: the count and the last comma tell.
            bool isCounted = Utf8Parser.TryParse(list, out count, out int head) && list[head..] is [(byte)':', .., (byte)','];
            rest = isCounted ? list[(head + 1)..^1] : throw Malformed();
            if (rest.Count((byte)',') + 1 != count)
            {
                throw Malformed();
            }
        }

        var marks = new JsonNodeMark[count];
        for (int i = 0; i < marks.Length; i++)
        {
            rest = rest.TrimStart(", "u8);
            if (!Utf8Parser.TryParse(rest, out long mark, out int length) || mark < 0 || mark >> KindBits > int.MaxValue)
            {
                throw Malformed();
            }

            marks[i] = new JsonNodeMark((int)(mark >> KindBits), (JsonNodeKind)(mark & ((1 << KindBits) - 1)));
            rest = rest[length..];
        }

        return rest.IsEmpty ? marks : throw Malformed();
    }

    private static string List(string column, string path, ListedDoubles doubles) =>
        $"(SELECT JSON_ARRAYAGG(dts_n*{KindFactor}+{Kind("dts_v")}) FROM JSON_TABLE({column},_utf8mb4'{path}' COLUMNS(dts_n FOR ORDINALITY,dts_v JSON PATH _utf8mb4'$' ERROR ON ERROR)) AS dts_t WHERE {Listed("dts_v", doubles)})";

    private static DtsMigrateException Malformed() => new("JsonTypesNotCarried", "The source's list of types of a JSON document is not a list of numbers.");
}
