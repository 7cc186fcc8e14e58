using System.Globalization;
using System.Text;
using DtsMigrate.Benchmarks.Data;

namespace DtsMigrate.Benchmarks.Incremental;

/// <summary>Starting data, and transactions that change it.</summary>
/// <param name="Letter">A to D.</param>
/// <param name="Description">What it is.</param>
/// <param name="Tables">Statements that make and fill the tables, the same on every server.</param>
/// <param name="Streams">For each connection its transactions, some to a packet.</param>
/// <param name="Changes">Row changes of all transactions.</param>
/// <param name="Transactions">How many transactions.</param>
/// <param name="Bar">How many times as fast as the replica with four workers the engine is to be.</param>
internal sealed record Workload(char Letter, string Description, string Tables, IReadOnlyList<IEnumerable<string>> Streams, long Changes, long Transactions, double Bar)
{
    /// <summary>Database of all workloads.</summary>
    public const string Database = "bench";

    private const int Connections = 4;
    private const int PerPacket = 100;
    private const int SysbenchRows = 50_000;
    private const int HotRows = 100;
    private const int RowsPerTransaction = 1000;

    /// <summary>Makes a workload.</summary>
    public static Workload Create(char letter, double scale) => letter switch
    {
        'A' => WriteOnly(Count(100_000, scale)),
        'B' => Large(Count(400, scale)),
        'C' => Hot(Count(200_000, scale)),
        _ => Inserts(Count(100_000, scale)),
    };

    /// <summary>One transaction of workload A.</summary>
    public static string WriteOnlyTransaction(Random random, int table)
    {
        int id = 1 + random.Next(SysbenchRows);
        string name = Number($"sbtest{table}");
        return Number($"BEGIN;UPDATE {name} SET k=k+1 WHERE id={1 + random.Next(SysbenchRows)};UPDATE {name} SET c='{Groups(random, 10)}' WHERE id={1 + random.Next(SysbenchRows)};")
            + Number($"DELETE FROM {name} WHERE id={id};INSERT INTO {name} VALUES ({id},{1 + random.Next(SysbenchRows)},'{Groups(random, 10)}','{Groups(random, 5)}');COMMIT;");
    }

    private static long Count(long whole, double scale) => Math.Max(Connections, (long)(whole * scale) / Connections * Connections);

    private static Workload WriteOnly(long transactions) => new(
        'A',
        Number($"{transactions:N0} transactions like sysbench's oltp_write_only, {Connections} tables of {SysbenchRows:N0} rows"),
        SysbenchTables(),
        Split(transactions, (random, connection, _) => WriteOnlyTransaction(random, connection + 1)),
        transactions * 4,
        transactions,
        Bar: 5);

    private static Workload Large(long transactions) => new(
        'B',
        Number($"{transactions:N0} transactions of {RowsPerTransaction:N0} rows"),
        SysbenchTables(),
        Split(
            transactions,
            (random, connection, _) => Number($"UPDATE sbtest{connection + 1} SET k=k+1, c='{Groups(random, 10)}' WHERE id>{random.Next(SysbenchRows - RowsPerTransaction)} ORDER BY id LIMIT {RowsPerTransaction};")),
        transactions * RowsPerTransaction,
        transactions,
        Bar: 1);

    private static Workload Hot(long transactions) => new(
        'C',
        Number($"{transactions:N0} updates of {HotRows} hot rows"),
        $"CREATE TABLE hot (id INT PRIMARY KEY, v INT NOT NULL, t VARCHAR(100) NOT NULL); {Sql.Head} INSERT INTO hot {Sql.Numbers(HotRows)} SELECT n, 0, REPEAT('x', 100) FROM numbers;",
        Split(transactions, (random, _, _) => Number($"UPDATE hot SET v=v+1 WHERE id={1 + random.Next(HotRows)};")),
        transactions,
        transactions,
        Bar: 20);

    private static Workload Inserts(long transactions) => new(
        'D',
        Number($"{transactions:N0} inserts of one row into a table with a foreign key, a JSON column and three unique keys"),
        "CREATE TABLE parent (id INT PRIMARY KEY, name VARCHAR(50) NOT NULL);"
        + "CREATE TABLE child (id BIGINT PRIMARY KEY, parent INT NOT NULL, code CHAR(20) NOT NULL UNIQUE, mail VARCHAR(100) NOT NULL UNIQUE, a INT NOT NULL, b INT NOT NULL, doc JSON, UNIQUE (a, b), FOREIGN KEY (parent) REFERENCES parent (id));"
        + $"{Sql.Head} INSERT INTO parent {Sql.Numbers(1000)} SELECT n, CONCAT('name ', n) FROM numbers;",
        Split(
            transactions,
            (random, connection, place) =>
            {
                long id = (place * Connections) + connection + 1;
                return Number($"INSERT INTO child VALUES ({id},{1 + random.Next(1000)},'{id:X16}','user{id}@example.com',{id % 1000},{id / 1000},'{{\"id\": {id}, \"tags\": [\"a\", \"b\"], \"price\": {random.Next(10000) / 100.0}}}');");
            }),
        transactions,
        transactions,
        Bar: 3);

    private static string SysbenchTables() => string.Concat(Enumerable.Range(1, Connections).Select(number =>
    {
        var table = new BenchTable(Number($"sbtest{number}"), SysbenchData.Body, [SysbenchData.Index], [], SysbenchRows, Parts: 1);
        return Number($"CREATE TABLE sbtest{number} ({SysbenchData.Body}, {SysbenchData.Index});{Sql.Head}{SysbenchData.Fill(table, 1000 * number)};");
    }));

    private static IEnumerable<string>[] Split(long transactions, Func<Random, int, long, string> transaction) =>
        [.. Enumerable.Range(0, Connections).Select(connection => Packets(connection, transactions / Connections, transaction))];

    private static IEnumerable<string> Packets(int connection, long transactions, Func<Random, int, long, string> transaction)
    {
        var random = new Random(connection);
        for (long first = 0; first < transactions; first += PerPacket)
        {
            var packet = new StringBuilder();
            for (long place = first; place < Math.Min(first + PerPacket, transactions); place++)
            {
                packet.Append(transaction(random, connection, place));
            }

            yield return packet.ToString();
        }
    }

    private static string Groups(Random random, int count) =>
        string.Join('-', Enumerable.Range(0, count).Select(_ => random.NextInt64(100_000_000_000).ToString("D11", CultureInfo.InvariantCulture)));

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
