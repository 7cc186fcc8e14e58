using System.Globalization;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// What <see cref="JsonProbe"/> asks, of servers before 8.0.4: without JSON_TABLE, JSON_EXTRACT gives the nodes of the same paths in the same order as one array (Reference Manual 5.7,
/// "Functions That Search JSON Values"), and each element is asked for its type by its place. Places are made of digits, because there are no recursive queries either. A derived table holds the
/// arrays, which would be made again for each of their elements otherwise.
/// </summary>
internal static class JsonWalk
{
    /// <summary>A limit, which keeps the server from merging the derived table into the query: it would extract a document's nodes once for each of them.</summary>
    public const string NoLimit = " LIMIT 18446744073709551615";

    /// <summary>What follows the derived table's own query.</summary>
    public const string Tail = ") AS dts_rows";

    private const string Column = "dts_c", Members = "dts_m", Elements = "dts_e";

    // Digits of the longest list, and of those that are quicker to go through. A document of 1 GiB, the most that a server takes, has less than 10^9 nodes.
    private static readonly int[] Digits = [2, 4, 9];

    /// <summary>The beginning of a query, up to the derived table's FROM: see <see cref="ProbedQuery"/>.</summary>
    public static string Head(IReadOnlyList<(string Select, ListedDoubles? Asked)> columns)
    {
        var inner = columns.Select((c, i) => $"{c.Select} AS {Named(Column, i)}{(c.Asked is null ? string.Empty : $",{MembersOf(c.Select)} AS {Named(Members, i)},{ElementsOf(c.Select)} AS {Named(Elements, i)}")}");
        var probes = columns.Select((c, i) => c.Asked is { } doubles ? Both(Named(Column, i), Named(Members, i), Named(Elements, i), doubles) : null).OfType<string>();
        return $"SELECT {string.Join(',', probes.Concat(columns.Select((_, i) => Named(Column, i))))} FROM (SELECT {string.Join(',', inner)}";
    }

    private static string Both(string column, string members, string elements, ListedDoubles doubles) =>
        $"CASE WHEN {JsonProbe.IsContainer(column)} THEN {List(members, doubles)} WHEN {JsonProbe.Listed(column, doubles)} THEN JSON_ARRAY({JsonProbe.Kind(column)}) END,{List(elements, doubles)}";

    private static string MembersOf(string column) => $"JSON_EXTRACT({column},_utf8mb4'$**.*')";

    private static string ElementsOf(string column) => $"JSON_EXTRACT({column},_utf8mb4'$**[*]')";

    private static string Named(string name, int place) => string.Create(CultureInfo.InvariantCulture, $"{name}{place}");

    /// <summary>The list in the form that <see cref="JsonProbe.Parse"/> takes beside an array: how many, then each with a comma. NULL where there are none.</summary>
    private static string List(string nodes, ListedDoubles doubles)
    {
        string cases = string.Concat(Digits.SkipLast(1).Select(d => string.Create(CultureInfo.InvariantCulture, $" WHEN JSON_LENGTH({nodes})<={Math.Pow(10, d):F0} THEN {List(nodes, d, doubles)}")));
        return $"CASE WHEN {nodes} IS NULL THEN NULL{cases} ELSE {List(nodes, Digits[^1], doubles)} END";
    }

    private static string List(string nodes, int digits, ListedDoubles doubles)
    {
        // From the highest digit down: where the number is too large already, none of the lower ones is tried.
        var tables = new List<string>();
        var conditions = new List<string>();
        string number = string.Empty;
        for (int digit = digits - 1; digit >= 0; digit--)
        {
            tables.Add(string.Create(CultureInfo.InvariantCulture, $"({TenDigits}) AS d{digit}"));
            number += string.Create(CultureInfo.InvariantCulture, $"{(number.Length == 0 ? string.Empty : "+")}d{digit}.d*{Math.Pow(10, digit):F0}");
            conditions.Add($"{number}<JSON_LENGTH({nodes})");
        }

        string node = $"JSON_EXTRACT({nodes},CONCAT(_utf8mb4'$[',{number},_utf8mb4']'))";
        string marks = $"CONCAT(COUNT(*),_utf8mb4':',GROUP_CONCAT(({number}+1)*{JsonProbe.KindFactor}+{JsonProbe.Kind(node)},_utf8mb4',' SEPARATOR ''))";

        // A text beyond max_allowed_packet becomes NULL, which would say that there are none.
        return $"(SELECT IF(COUNT(*)=0,NULL,IFNULL({marks},_utf8mb4'0:')) FROM {string.Join(" STRAIGHT_JOIN ", tables)} WHERE {string.Join(" AND ", conditions)} AND {JsonProbe.Listed(node, doubles)})";
    }

    private const string TenDigits =
        "SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9";
}
