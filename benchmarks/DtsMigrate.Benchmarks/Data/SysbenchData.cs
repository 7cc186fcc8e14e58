using System.Globalization;

namespace DtsMigrate.Benchmarks.Data;

/// <summary>Tables shaped like sysbench's, about 190 bytes a row, with an index of random values.</summary>
internal static class SysbenchData
{
    public const string Body = "id INT NOT NULL, k INT NOT NULL, c CHAR(120) NOT NULL, pad CHAR(60) NOT NULL, PRIMARY KEY (id)";

    public const string Index = "KEY k_1 (k)";

    public static DataSet Create(int tables, long rows)
    {
        var all = Enumerable.Range(1, tables).Select(number => new BenchTable($"sbtest{number}", Body, [Index], [], rows, Parts: 1)).ToList();
        return new DataSet(
            "1",
            string.Create(CultureInfo.InvariantCulture, $"{tables} tables of {rows:N0} rows like sysbench's, one secondary index each"),
            "binary",
            all,
            [.. all.Select((table, place) => $"{Sql.Head} {Fill(table, 1_000 * (place + 1))};")]);
    }

    /// <summary>Fills a table of this shape.</summary>
    public static string Fill(BenchTable table, int seed)
    {
        var sql = new Sql(seed);
        return $"INSERT INTO {table.FullName} {Sql.Numbers(table.Rows)} SELECT n, 1+{sql.Below(table.Rows)}, {sql.Groups(10)}, {sql.Groups(5)} FROM numbers";
    }
}
