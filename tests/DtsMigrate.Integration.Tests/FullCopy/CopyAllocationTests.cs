using DtsMigrate.Engine.FullCopy;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Counts what the whole process allocates, and so runs alone.</summary>
[Collection(AloneCollection.Name)]
public sealed class CopyAllocationTests
{
    private const int Rows = 400_000;

    // The smallest object has 24 bytes, so one for each row would show. What is below are buffers of the streams that a small copy does not need, and the statements of chunks.
    private const double BytesPerRow = 16;

    [Fact]
    public async Task A_large_copy_allocates_nothing_per_row()
    {
        var token = CancellationToken.None;
        await CopyAsync(rows: 1_000, token);
        long small = await CopyAsync(rows: 1_000, token);
        long large = await CopyAsync(Rows, token);

        Assert.InRange((large - small) / (double)Rows, double.MinValue, BytesPerRow);
    }

    /// <summary>Copies a new table.</summary>
    /// <returns>Bytes allocated meanwhile.</returns>
    private static async Task<long> CopyAsync(int rows, CancellationToken token)
    {
        var bench = await CopyBench.CreateAsync("alloc", token, incremental: false);
        bench.Tuning = new CopyTuning { ChunkBytes = 4 << 20 };
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, k INT, c VARCHAR(200), d DECIMAL(12,3), e DATETIME(6));", token);
        await bench.SourceAsync(
            $"""
            INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<{rows})
              SELECT i, IF(i%7=0, NULL, i), CONCAT(REPEAT('x', i%150), IF(i%50=0, '\n\t\\', '')), i/8, '2024-02-29 12:34:56.789' FROM n;
            ANALYZE TABLE t;
            """,
            token);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        await bench.RunAsync(token);

        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(await bench.SourceAsync("CHECKSUM TABLE t; SELECT COUNT(*) FROM t;", token), await bench.DestinationAsync("CHECKSUM TABLE t; SELECT COUNT(*) FROM t;", token));
        Assert.Equal(rows, bench.RowsCopied);
        return allocated;
    }
}
