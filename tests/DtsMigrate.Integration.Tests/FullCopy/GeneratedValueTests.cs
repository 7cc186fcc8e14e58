using DtsMigrate.Engine.Precheck;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.Integration.Tests.Replication;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.FullCopy;

/// <summary>Values that only the server computes are the source's, or the task says why not: a source in a time zone of its own.</summary>
public sealed class GeneratedValueTests
{
    private const string Plain = "SET time_zone='+08:00'; CREATE TABLE t (id INT PRIMARY KEY, ts TIMESTAMP NULL, t TIME, n INT, g INT AS (n*2) STORED, dead TINYINT AS (IF(ts IS NULL,1,NULL)) STORED); INSERT INTO t (id,ts,t,n) VALUES (1,'2024-01-01 03:00:00','10:00',5);";

    [Theory]
    [InlineData("ALTER TABLE t ADD COLUMN day DATE AS (DATE(ts)) STORED", "`day`")]
    [InlineData("ALTER TABLE t ADD COLUMN day DATE AS (DATE(ts)), ADD KEY k (day)", "`day`")]
    [InlineData("ALTER TABLE t ADD KEY k ((DATE(ts)))", "`k`")]
    [InlineData("ALTER TABLE t ADD COLUMN today DATETIME AS (t) STORED", "`today`")]
    public async Task A_table_is_refused_before_the_task_and_while_it_runs(string statement, string name)
    {
        await using var source = await StartAsync();
        using (var bench = await DdlBench.CreateAsync(Plain + statement, source: source))
        {
            var refused = await Assert.ThrowsAsync<PrecheckBlockedException>(bench.RunAsync);
            Assert.Equal("GeneratedColumns", Assert.Single(refused.Results, r => r.Outcome == nameof(PrecheckOutcome.Failed)).Check);
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
            Assert.Equal("0", await bench.DestinationAsync($"SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='{bench.Database}'"));
        }

        using var running = await DdlBench.CreateAsync(Plain, source: source);
        await running.RunAsync();
        await running.AssertSameAsync();
        await running.SourceAsync($"{statement}; INSERT INTO t (id,ts,t,n) VALUES (2,'2024-01-01 05:00:00','11:00',6)");
        for (int attempt = 0; attempt < 2; attempt++)
        {
            var stopped = await Assert.ThrowsAsync<DtsMigrateException>(running.RunAsync);
            Assert.Equal("DdlNotExact", stopped.Code);
            Assert.Contains(name, stopped.Message, StringComparison.Ordinal);
        }

        running.Change(t => t with { Options = t.Options with { GeneratedColumns = GeneratedColumnPolicy.Recompute } });
        await running.RunAsync();
        Assert.Equal("2", await running.DestinationAsync($"SELECT COUNT(*) FROM {running.Database}.t"));
    }

    [Fact]
    public async Task Values_are_computed_in_UTC_where_the_task_asks_for_that()
    {
        await using var source = await StartAsync();
        using var bench = await DdlBench.CreateAsync(
            Plain + "ALTER TABLE t ADD COLUMN day DATE AS (DATE(ts)) STORED, ADD KEY k ((HOUR(ts)))",
            t => t with { Options = t.Options with { GeneratedColumns = GeneratedColumnPolicy.Recompute } },
            source);
        await bench.RunAsync();
        await bench.SourceAsync("INSERT INTO t (id,ts,t,n) VALUES (2,'2024-01-01 04:00:00','11:00',6)");
        await bench.RunAsync();
        Assert.Equal("2023-12-31,2023-12-31", await bench.DestinationAsync($"SELECT GROUP_CONCAT(day) FROM {bench.Database}.t"));
    }

    [Fact]
    public async Task A_table_that_comes_into_the_selection_is_refused_before_its_copy()
    {
        await using var source = await StartAsync();
        using var bench = await DdlBench.CreateAsync(Plain, source: source);
        await bench.RunAsync();
        await bench.SourceAsync($"CREATE DATABASE {bench.Database}_x; CREATE TABLE {bench.Database}_x.u LIKE t; ALTER TABLE {bench.Database}_x.u ADD COLUMN day DATE AS (DATE(ts)) STORED; INSERT INTO {bench.Database}_x.u (id,ts) VALUES (1,'2024-01-01 03:00:00'); RENAME TABLE {bench.Database}_x.u TO u");
        var refused = await Assert.ThrowsAsync<DtsMigrateException>(bench.RunAsync);
        Assert.Equal(("GeneratedColumnNotExact", $"{bench.Database}.u"), (refused.Code, refused.Target));
        Assert.Contains("`day`", refused.Message, StringComparison.Ordinal);
        await bench.SourceAsync("ALTER TABLE u MODIFY day DATE");
        await bench.RunAsync();
        await bench.AssertSameAsync();
    }

    private static Task<MySqlServer> StartAsync() =>
        MySqlServer.StartAsync(new MySqlServerOptions { Name = "zone", Settings = new Dictionary<string, string?> { ["default-time-zone"] = "+08:00" } }, CancellationToken.None);
}
