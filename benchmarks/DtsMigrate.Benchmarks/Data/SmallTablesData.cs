using System.Globalization;

namespace DtsMigrate.Benchmarks.Data;

/// <summary>Many small tables.</summary>
internal static class SmallTablesData
{
    private const int RowsOfTable = 100;
    private const int Scripts = 2;

    public static DataSet Create(int tables)
    {
        var all = Enumerable.Range(1, tables)
            .Select(number => new BenchTable(string.Create(CultureInfo.InvariantCulture, $"small{number:D5}"), SysbenchData.Body, [SysbenchData.Index], [], RowsOfTable, Parts: 1))
            .ToList();

        // Made once and copied: the server then has nothing to compute.
        var fill = all.Skip(1).Select(table => $"INSERT INTO {table.FullName} SELECT * FROM {all[0].FullName};").ToList();
        return new DataSet(
            "4",
            string.Create(CultureInfo.InvariantCulture, $"{tables:N0} tables of {RowsOfTable} rows, one secondary index each"),
            "binary",
            all,
            [.. fill.Chunk(Math.Max(1, (fill.Count + Scripts - 1) / Scripts)).Select(chunk => $"SET sql_log_bin=0; {string.Concat(chunk)}")])
        {
            First = $"{Sql.Head} {SysbenchData.Fill(all[0], 40_000)};",
        };
    }
}
