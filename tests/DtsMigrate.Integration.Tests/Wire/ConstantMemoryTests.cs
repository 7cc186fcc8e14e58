namespace DtsMigrate.Integration.Tests.Wire;

[Collection(AloneCollection.Name)]
public sealed class ConstantMemoryTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_million_rows_stream_in_constant_memory()
    {
        await using var session = await WireServer.ConnectAsync();
        await session.ExecuteAsync("SET SESSION cte_max_recursion_depth = 2000000");
        await using var result = await session.QueryAsync(
            "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i, REPEAT('z', 100) FROM n", None);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        long rows = 0;
        while (await result.ReadAsync(None))
        {
            rows++;
        }

        Assert.Equal(1_000_000, rows);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 << 20);
    }
}
