using System.Globalization;

namespace DtsMigrate.Benchmarks.Data;

/// <summary>One table of 10 KB blobs of random bytes.</summary>
internal static class BlobData
{
    private const int Kilobytes = 10;
    private const int Parts = 16;

    public static DataSet Create(long rows)
    {
        var table = new BenchTable("document", "id INT NOT NULL, title VARCHAR(60) NOT NULL, body BLOB NOT NULL, PRIMARY KEY (id)", [], [], rows, Parts);
        var body = string.Join(',', Enumerable.Repeat("RANDOM_BYTES(1024)", Kilobytes));
        return new DataSet(
            "3",
            string.Create(CultureInfo.InvariantCulture, $"1 table of {rows:N0} rows with {Kilobytes} KB of random bytes each"),
            "binary",
            [table],
            [$"{Sql.Head} INSERT INTO {table.FullName} {Sql.Numbers(rows)} SELECT n, CONCAT('document ', n), CONCAT({body}) FROM numbers;"]);
    }
}
