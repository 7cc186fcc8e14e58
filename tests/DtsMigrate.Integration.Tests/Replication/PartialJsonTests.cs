using System.Text;
using DtsMigrate.Integration.Tests.Binlog;

namespace DtsMigrate.Integration.Tests.Replication;

/// <summary>Sources that log only what an UPDATE changed inside JSON documents.</summary>
public sealed class PartialJsonTests
{
    private const string Types =
        "SELECT GROUP_CONCAT(types ORDER BY id SEPARATOR '/') FROM (SELECT id, (SELECT CONCAT(COUNT(*), GROUP_CONCAT(JSON_TYPE(v) ORDER BY n)) FROM JSON_TABLE(JSON_EXTRACT(j,'$','$**.*','$**[*]'),'$[*]' COLUMNS(n FOR ORDINALITY, v JSON PATH '$')) x) types FROM ";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Partial_updates_arrive_with_all_types()
    {
        const int Rows = 12;
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, j JSON); CREATE TABLE n (id INT, j JSON);", Changes(new JsonUpdates(1), 0, Rows), limit.Token);
        await bench.StartAsync(limit.Token);
        for (int round = 1; round < 8; round++)
        {
            await bench.SourceAsync(Changes(new JsonUpdates(round + 1), round, Rows), limit.Token);
        }

        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        foreach (string table in (string[])["t", "n"])
        {
            string sql = "SET SESSION group_concat_max_len=10000000;" + Types + $"{bench.Database}.{table}) s;";
            string expected = await bench.Source.RunSqlAsync(sql, limit.Token);
            Assert.Contains("DECIMAL", expected, StringComparison.Ordinal);
            Assert.Contains("UNSIGNED", expected, StringComparison.Ordinal);
            Assert.Equal(expected, await bench.Destination.RunSqlAsync(sql, limit.Token));
        }
    }

    [Fact]
    public async Task Partial_updates_in_compressed_transactions_arrive()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var bench = await ReplicationBench.OnSharedServersAsync(limit.Token);
        await bench.PrepareAsync("CREATE TABLE t (id INT PRIMARY KEY, j JSON);", null, limit.Token);
        await bench.StartAsync(limit.Token);
        await bench.SourceAsync(
            "SET SESSION binlog_transaction_compression=ON; SET binlog_row_value_options='PARTIAL_JSON'; INSERT INTO t SELECT 1, JSON_OBJECT('a', 1.50, 'pad', REPEAT('x', 100000));"
            + "BEGIN; UPDATE t SET j=JSON_SET(j, '$.b', CAST('2024-01-01' AS DATE)); UPDATE t SET j=JSON_REMOVE(JSON_SET(j, '$.a', 2.50), '$.b'); COMMIT;",
            limit.Token);
        await bench.DrainAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        Assert.Equal("DECIMAL", await bench.DestinationValueAsync("SELECT JSON_TYPE(JSON_EXTRACT(j, '$.a')) FROM t WHERE j->'$.a' = 2.5 AND j->'$.b' IS NULL", limit.Token));
    }

    private static string Changes(JsonUpdates updates, int round, int rows)
    {
        var sql = new StringBuilder("SET sql_mode='ALLOW_INVALID_DATES', time_zone='+00:00', binlog_row_value_options='PARTIAL_JSON';");
        for (int id = 0; id < rows; id++)
        {
            // The table without a key is not changed before its watermark is taken in full.
            sql.Append(round == 0
                ? $"INSERT INTO t VALUES ({id},{updates.Document()});"
                : $"UPDATE t SET j={updates.Change("j")} WHERE id={id}; INSERT INTO n SELECT {(100 * round) + id}, j FROM t WHERE id={id}; UPDATE n SET j={updates.Change("j")} WHERE id={(100 * round) + id}; UPDATE n SET j={updates.Change("j")} WHERE id={id + 100};");
        }

        return sql.ToString();
    }
}
