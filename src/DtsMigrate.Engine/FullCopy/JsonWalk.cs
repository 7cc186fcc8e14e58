using System.Globalization;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>
/// What <see cref="JsonProbe"/> asks, of servers before 8.0.4: without JSON_TABLE, JSON_EXTRACT gives the nodes of the same paths in the same order as one array (Reference Manual 5.7,
/// "Functions That Search JSON Values"), and each element is asked for its type by its place. Places are made of digits, because there are no recursive queries either. A derived table holds the
/// arrays, which would be made again for each of their elements otherwise.
/// </summary>
internal static class JsonWalk
{
    private const string Column = "dts_c", Members = "dts_m", Elements = "dts_e";

    // Keeps the server from merging the derived table into the query: it would extract a document's nodes once for each of them.
    private const string NoLimit = " LIMIT 18446744073709551615";

    // Digits of the longest list, and of those that are quicker to go through. A document of 1 GiB, the most that a server takes, has less than 10^9 nodes.
    private static readonly int[] Digits = [2, 4, 9];

    /// <summary>A query for columns and what is to be asked about some of them. Its rows come in any order.</summary>
    /// <param name="columns">Expressions; quoted names where <paramref name="doubles"/> says that the column is to be asked about.</param>
    /// <param name="doubles">For each column: null when it is not asked about; else the DOUBLEs to be listed.</param>
    /// <param name="probesFirst">All answers stand before the columns; else those of a column behind it.</param>
    /// <param name="rows">FROM and what follows it, without a LIMIT.</param>
    /// <param name="limit">Most rows; null for all.</param>
    public static string Query(IReadOnlyList<string> columns, Func<int, ListedDoubles?> doubles, bool probesFirst, string rows, long? limit = null)
    {
        var inner = columns.Select((c, i) => $"{c} AS {Named(Column, i)}{(doubles(i) is null ? string.Empty : $",{MembersOf(c)} AS {Named(Members, i)},{ElementsOf(c)} AS {Named(Elements, i)}")}");
        var probes = columns.Select((_, i) => doubles(i) is { } all ? Both(Named(Column, i), Named(Members, i), Named(Elements, i), all) : null).ToArray();
        var outer = probesFirst
            ? probes.OfType<string>().Concat(columns.Select((_, i) => Named(Column, i)))
            : probes.Select((p, i) => p is null ? Named(Column, i) : $"{Named(Column, i)},{p}");
        string most = limit is { } l ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {l}") : NoLimit;
        return $"SELECT {string.Join(',', outer)} FROM (SELECT {string.Join(',', inner)}{rows}{most}) AS dts_rows";
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
