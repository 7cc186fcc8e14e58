using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;
using DtsMigrate.MySql.Session;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>What a range costs the source does not depend on the size of the table, whatever the key.</summary>
[Collection(RangeCostTests.Counters)]
public sealed class RangeCostTests
{
    /// <summary>Tests that read counters of their session, one class after the other: FLUSH STATUS clears those of all sessions.</summary>
    internal const string Counters = "Session counters";

    private const int ChunkRows = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static TheoryData<string, string> Keys => new()
    {
        { "id BIGINT UNSIGNED PRIMARY KEY", "18446744073709551615-i" },
        { "a INT, b INT, c INT, PRIMARY KEY (a,b,c)", "i DIV 1000, i DIV 10, i" },
        { "a INT, b INT, PRIMARY KEY (a DESC, b)", "i DIV 1000, i" },
        { "k VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci PRIMARY KEY", "CONCAT('É', LPAD(i,6,'0'))" },
        { "e ENUM('','z','a') NOT NULL, b INT, PRIMARY KEY (e,b)", "i%4, i" },
        { "e ENUM('z','a') NOT NULL, s SET('x','y','w') NOT NULL, b INT, PRIMARY KEY (e,s,b)", "i%3, i%8, i" },
        { "b BIT(64) PRIMARY KEY", "18446744073709551615-i" },
        { "f DOUBLE, i INT, PRIMARY KEY (f,i)", "i/7, i" },
        { "f FLOAT, i INT, PRIMARY KEY (f,i)", "i/7, i" },
        { "k TIME(3) PRIMARY KEY", "SEC_TO_TIME(CAST(i AS SIGNED)-5000.5)" },
        { "a INT NULL, b INT NULL, UNIQUE KEY (a,b)", "NULLIF(i%10,0), i" },
        { "a INT, b INT, PRIMARY KEY (a,b)) PARTITION BY RANGE (b) (PARTITION p0 VALUES LESS THAN (3000), PARTITION p1 VALUES LESS THAN (MAXVALUE)", "i DIV 1000, i" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_bound_reads_the_rows_of_its_chunk(string columns, string values)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("cost", limit.Token);
        await bench.CreateAsync($"SET sql_mode=''; CREATE TABLE t ({columns});", limit.Token);
        await bench.SourceAsync($"SET sql_mode=''; INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<9999) SELECT {values} FROM c; ANALYZE TABLE t;", limit.Token);
        var route = Assert.Single(await bench.ReadRoutesAsync(limit.Token));
        await using var source = await bench.Source().OpenAsync(SessionPurpose.ReadRows, limit.Token);
        var statements = CopyStatements.Create(route, route.Definition, source.ServerVersion, source.ServerVersion, allowNullable: true);
        var cutter = new RangeCutter(route, statements, [], false, 0);

        List<ChunkRecord> chunks = [];
        long most = 0;
        do
        {
            await source.ExecuteAsync("FLUSH STATUS", limit.Token);
            if (await cutter.NextAsync(ChunkRows, source, limit.Token) is { } chunk)
            {
                chunks.Add(chunk);
            }

            // The first one of a scope also looks for scopes.
            most = chunks[^1].Lower is null ? most : Math.Max(most, await RowsReadAsync(source, limit.Token));
        }
        while (!cutter.IsComplete);

        Assert.InRange(chunks.Count, 10_000 / ChunkRows, (10_000 / ChunkRows) + 40);
        Assert.InRange(most, 0, ChunkRows + 20);
        long total = 0;
        foreach (var chunk in chunks)
        {
            await source.ExecuteAsync("FLUSH STATUS", limit.Token);
            int rows = (await source.QueryRowsAsync(statements.Select(chunk), limit.Token)).Count;
            Assert.InRange(await RowsReadAsync(source, limit.Token), rows, rows + 20);
            total += rows;
        }

        Assert.Equal(10_000, total);
    }

    /// <summary>Rows that the session has read since its counters were cleared.</summary>
    internal static async Task<long> RowsReadAsync(MySqlSession session, CancellationToken cancellationToken) =>
        (await session.QueryRowsAsync("SHOW SESSION STATUS LIKE 'Handler_read%'", cancellationToken)).Sum(r => r.GetInt64(1));
}
