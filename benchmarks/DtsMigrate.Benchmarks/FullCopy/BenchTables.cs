using System.Globalization;

namespace DtsMigrate.Benchmarks.FullCopy;

/// <summary>The tables that are copied: shaped like sysbench's, with a secondary index of random values.</summary>
internal static class BenchTables
{
    /// <summary>The database on both sides.</summary>
    public const string Database = "bench";

    private const int DigitsOfGroup = 11;
    private const int GroupsOfC = 10;
    private const int GroupsOfPad = 5;

    /// <summary>Names of the tables.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sbtest1", "sbtest2", "sbtest3", "sbtest4"];

    /// <summary>Statement that creates the database.</summary>
    public static string CreateDatabase { get; } = $"CREATE DATABASE {Database} CHARACTER SET utf8mb4";

    /// <summary>Adds the secondary index to a table that was created without.</summary>
    public static string AddIndex(string table) => $"ALTER TABLE {Database}.{table} ADD KEY k_1 (k)";

    /// <summary>Statement that creates a table.</summary>
    public static string Create(string table, bool index) =>
        $"CREATE TABLE {Database}.{table} (id INT NOT NULL, k INT NOT NULL, c CHAR(120) NOT NULL, pad CHAR(60) NOT NULL, PRIMARY KEY (id){(index ? ", KEY k_1 (k)" : "")})";

    /// <summary>Statements that fill a table with rows that are the same each time, past the binary log.</summary>
    public static string Fill(string table, int rows)
    {
        // A constant seed starts a sequence for each place where it stands, so every group needs its own.
        var seed = 1_000 * (1 + Names.ToList().IndexOf(table));
        string Random() => $"RAND({(seed++).ToString(CultureInfo.InvariantCulture)})";
        string Groups(int count) =>
            string.Join(",'-',", Enumerable.Range(0, count).Select(_ => $"LPAD(FLOOR({Random()}*1e{DigitsOfGroup}),{DigitsOfGroup},'0')"));
        return $"""
            SET SESSION sql_log_bin=0, cte_max_recursion_depth=4294967295;
            INSERT INTO {Database}.{table}
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n+1 FROM numbers WHERE n < {rows})
            SELECT n, 1+FLOOR({Random()}*{rows}), CONCAT({Groups(GroupsOfC)}), CONCAT({Groups(GroupsOfPad)}) FROM numbers;
            """;
    }
}
