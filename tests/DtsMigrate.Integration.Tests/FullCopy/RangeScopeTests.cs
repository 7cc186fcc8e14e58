using DtsMigrate.Engine.Checkpoint;
using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.FullCopy;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>How far a key's leading ENUM and SET columns are fixed.</summary>
public sealed class RangeScopeTests
{
    private const string Members = "'a','b','c','d','e','f','g','h','i','j','k','l','m','n'";

    private const long Large = 1L << 40;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("e ENUM('x','y') NOT NULL, s SET(" + Members + ") NOT NULL, b INT, PRIMARY KEY (e,s,b)", "i%2+1, i, i", Large, 2, 1)]
    [InlineData("s SET(" + Members + ") NOT NULL, b INT, PRIMARY KEY (s,b)", "i, i", Large, 1, 0)]
    [InlineData("s SET(" + Members + ") NOT NULL, b INT, PRIMARY KEY (s,b)", "i%9000, i", Large, 9000, 1)]
    [InlineData("s SET(" + Members + ") NOT NULL, b INT, PRIMARY KEY (s,b)", "i%101, i", 101 * 65_536L, 101, 1)]
    [InlineData("s SET(" + Members + ") NOT NULL, b INT, PRIMARY KEY (s,b)", "i%101, i", 100 * 65_536L, 1, 0)]
    [InlineData("e ENUM('x','y') NOT NULL, s SET(" + Members + ") NOT NULL, PRIMARY KEY (e,s)", "i%2+1, i", Large, 2, 1)]
    public async Task Too_many_combinations_of_values_are_not_fixed_one_by_one(string columns, string values, long bytes, int chunks, int columnsFixed)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("scopes", limit.Token);
        await bench.CreateAsync($"CREATE TABLE t ({columns});", limit.Token);
        await bench.SourceAsync($"INSERT INTO t WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM c WHERE i<10999) SELECT {values} FROM c; ANALYZE TABLE t;", limit.Token);
        var route = Assert.Single(await bench.ReadRoutesAsync(limit.Token));
        route = route with { Definition = route.Definition with { EstimatedBytes = bytes } };
        await using var source = await bench.Source().OpenAsync(SessionPurpose.ReadRows, limit.Token);
        var statements = CopyStatements.Create(route, route.Definition, source.ServerVersion, source.ServerVersion);

        List<ChunkRecord> known = [];
        var cutter = new RangeCutter(route, statements, known, false);
        while (await cutter.NextAsync(1000, source, limit.Token) is { } chunk)
        {
            known.Add(chunk);
        }

        Assert.Equal(chunks, known.Count);
        Assert.All(known, c => Assert.Equal(columnsFixed, c.Scope?.Fixed.Count ?? 0));
        Assert.Null(await new RangeCutter(route, statements, known, false).NextAsync(1000, source, limit.Token));
        if (chunks < 10)
        {
            int rows = 0;
            foreach (var chunk in known)
            {
                rows += (await source.QueryRowsAsync(statements.Select(chunk), limit.Token)).Count;
            }

            Assert.Equal(11_000, rows);
        }
    }
}
