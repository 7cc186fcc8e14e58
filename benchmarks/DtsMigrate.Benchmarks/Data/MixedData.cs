using System.Globalization;

namespace DtsMigrate.Benchmarks.Data;

/// <summary>Two tables of text, JSON, decimals and dates, six secondary indexes between them and a foreign key from one to the other.</summary>
internal static class MixedData
{
    private const int PartsOfOrders = 8;
    private const int PartsOfCustomers = 2;

    public static DataSet Create(long rows)
    {
        var customers = new BenchTable(
            "customer",
            "id INT UNSIGNED NOT NULL, name VARCHAR(80) NOT NULL, email VARCHAR(120) NOT NULL, born DATE, credit DECIMAL(12,2) NOT NULL, profile JSON NOT NULL, PRIMARY KEY (id)",
            ["KEY name (name)", "UNIQUE KEY email (email)"],
            [],
            rows / 5,
            PartsOfCustomers);
        var orders = new BenchTable(
            "orders",
            "id BIGINT NOT NULL, customer_id INT UNSIGNED NOT NULL, placed DATETIME(3) NOT NULL, status VARCHAR(20) NOT NULL, amount DECIMAL(16,4) NOT NULL, shipped DATE, "
            + "note TEXT NOT NULL, detail JSON, PRIMARY KEY (id)",
            ["KEY customer (customer_id)", "KEY placed (placed)", "KEY status_amount (status, amount)", "KEY shipped (shipped)"],
            [$"CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES {DataSet.Database}.customer (id)"],
            rows - (rows / 5),
            PartsOfOrders);
        return new DataSet(
            "2",
            string.Create(CultureInfo.InvariantCulture, $"2 tables, together {rows:N0} rows of text, JSON, decimals and dates; six secondary indexes and a foreign key"),
            "utf8mb4",
            [customers, orders],
            [$"{Sql.Head} {FillCustomers(customers)}; {FillOrders(orders, customers.Rows)};"]);
    }

    private static string FillCustomers(BenchTable table)
    {
        var sql = new Sql(20_000);
        return $"""
            INSERT INTO {table.FullName} {Sql.Numbers(table.Rows)}
            SELECT n, CONCAT(ELT(1+{sql.Below(4)},'Åsa ','Jürgen ','Zoë ','Max '), SHA2(n,224)), CONCAT(LEFT(SHA2(n+7,256),20),'.',n,'@example.org'),
              IF({sql.Random()}<0.1, NULL, DATE_ADD('1940-01-01', INTERVAL {sql.Below(25_000)} DAY)), {sql.Below(10_000_000)}/100,
              JSON_OBJECT('tags', JSON_ARRAY('a', 'tab\there', n), 'score', ROUND({sql.Random()}*100,3), 'active', n%3=0, 'city', 'Zürich') FROM numbers
            """;
    }

    private static string FillOrders(BenchTable table, long customers)
    {
        var sql = new Sql(30_000);
        return $"""
            INSERT INTO {table.FullName} {Sql.Numbers(table.Rows)}
            SELECT n, 1+{sql.Below(customers)}, DATE_ADD('2015-01-01', INTERVAL {sql.Below(300_000_000)} SECOND), ELT(1+{sql.Below(5)},'new','paid','packed','sent','returned'),
              {sql.Below(1_000_000_000)}/10000, IF({sql.Random()}<0.3, NULL, DATE_ADD('2015-01-01', INTERVAL {sql.Below(3_400)} DAY)),
              CONCAT('Line one of order ', n, '\nLine two: ', REPEAT(SHA2(n,256), {sql.Below(4)}), '\\'),
              IF({sql.Random()}<0.2, NULL, JSON_OBJECT('items', JSON_ARRAY({sql.Below(1_000)}, {sql.Below(1_000)}), 'weight', {sql.Random()}*10, 'gift', 'no')) FROM numbers
            """;
    }
}
