using System.Globalization;

namespace DtsMigrate.Benchmarks.Data;

/// <summary>Pieces of statements that make rows on the server.</summary>
internal sealed class Sql
{
    // A constant seed starts a sequence for each place where it stands, so every place needs its own.
    private int _seed;

    public Sql(int firstSeed) => _seed = firstSeed;

    /// <summary>Goes before statements that use <see cref="Numbers"/>; past the binary log.</summary>
    public const string Head = "SET SESSION sql_log_bin=0, cte_max_recursion_depth=4294967295;";

    /// <summary>A common table expression of the numbers 1 to <paramref name="count"/> in <c>n</c>.</summary>
    public static string Numbers(long count) =>
        string.Create(CultureInfo.InvariantCulture, $"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n+1 FROM numbers WHERE n < {count})");

    /// <summary>Random numbers that are the same each time, at least 0 and below 1.</summary>
    public string Random() => string.Create(CultureInfo.InvariantCulture, $"RAND({_seed++})");

    /// <summary>A whole number below <paramref name="limit"/>.</summary>
    public string Below(long limit) => string.Create(CultureInfo.InvariantCulture, $"FLOOR({Random()}*{limit})");

    /// <summary>So many groups of eleven digits, with hyphens between, as sysbench has them.</summary>
    public string Groups(int count) => $"CONCAT({string.Join(",'-',", Enumerable.Range(0, count).Select(_ => $"LPAD({Below(100_000_000_000)},11,'0')"))})";
}
