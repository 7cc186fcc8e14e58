using System.Globalization;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Sources that compress transactions in the binary log, by session and as a whole.</summary>
public sealed class CompressedTransactionTests
{
    private const string Compressed = "SET SESSION binlog_transaction_compression=ON;", Plain = "SET SESSION binlog_transaction_compression=OFF;";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Compressed_and_plain_transactions_arrive_in_order()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT, x VARCHAR(50)); CREATE TABLE n (a INT, b BLOB);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        long before = await CompressedAsync(bench, limit.Token);
        for (int i = 0; i < 30; i++)
        {
            string level = string.Create(CultureInfo.InvariantCulture, $"SET SESSION binlog_transaction_compression_level_zstd={(i % 22) + 1};");
            string rows = i % 3 == 0 ? "SET SESSION binlog_rows_query_log_events=ON;" : "SET SESSION binlog_rows_query_log_events=OFF;";
            await bench.SourceAsync(
                (i % 3 == 2 ? Plain : Compressed + level) + rows
                + $"BEGIN; INSERT INTO t VALUES ({i},{i},'row {i}'); UPDATE t SET v=v+1, x=CONCAT(x,'+'); INSERT INTO n VALUES ({i % 5}, REPEAT('b', {i * 100})); SAVEPOINT s; DELETE FROM n WHERE a={i % 4} LIMIT 1; COMMIT;"
                + $"UPDATE t SET v=-v WHERE id={i}; DELETE FROM t WHERE id={i - 5};",
                limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.InRange(await CompressedAsync(bench, limit.Token) - before, 20, long.MaxValue);
    }

    [Fact]
    public async Task Transactions_of_many_packets_arrive_whole_however_often_the_stream_is_stopped()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync("CREATE TABLE g (id INT PRIMARY KEY, v LONGBLOB);", null, limit.Token);
        await bench.StartAsync(limit.Token);

        // 24 MB that compress well, and 20 MB that do not: more than one packet of 16 MiB.
        await bench.SourceAsync(
            Compressed + "SET cte_max_recursion_depth=100000; BEGIN; INSERT INTO g WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<12000) SELECT i, REPEAT(CHAR(i%256), 2000) FROM c;"
            + "INSERT INTO g WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<20000) SELECT i + 100000, RANDOM_BYTES(1000) FROM c;"
            + "INSERT INTO g VALUES (-1, REPEAT(x'00', 6000000)); DELETE FROM g WHERE id%3=0; COMMIT; UPDATE g SET v='last' WHERE id=1;",
            limit.Token);
        var random = new Random(40);
        for (int i = 0; i < 3; i++)
        {
            await Task.Delay(random.Next(20, 400), limit.Token);
            await bench.StopAsync();
            string rows = await bench.DestinationValueAsync("SELECT COUNT(*) FROM g", limit.Token);
            Assert.Contains(rows, (string[])["0", "21334"]);
            await bench.StartAsync(limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("21334", await bench.DestinationValueAsync("SELECT COUNT(*) FROM g", limit.Token));
    }

    private static async Task<long> CompressedAsync(ReplicationBench bench, CancellationToken cancellationToken) => long.Parse(
        await bench.Source.RunSqlAsync(
            "SELECT IFNULL(SUM(TRANSACTION_COUNTER), 0) FROM performance_schema.binary_log_transaction_compression_stats WHERE LOG_TYPE='BINARY' AND COMPRESSION_TYPE='ZSTD';", cancellationToken),
        CultureInfo.InvariantCulture);
}
