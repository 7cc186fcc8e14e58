using DtsMigrate.Engine.Connections;
using DtsMigrate.Engine.Replication;
using DtsMigrate.Integration.Tests.FullCopy;
using DtsMigrate.MySql.Errors;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Checkpoint;

public sealed class SourcePositionReaderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task With_gtid_the_position_covers_what_was_committed_before()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bench = await CopyBench.CreateAsync("gtid", limit.Token);
        await using var session = await bench.Source().OpenAsync(SessionPurpose.Metadata, limit.Token);
        var reader = new SourcePositionReader(await ServerConnector.ReadFactsAsync(session, limit.Token));
        var before = await reader.ReadAsync(session, limit.Token);
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY);", limit.Token);

        var after = await reader.ReadAsync(session, limit.Token);

        Assert.NotNull(after.Gtids);
        Assert.True(after.Covers(before));
        Assert.False(before.Covers(after));
    }

    [Fact]
    public async Task Commits_out_of_order_are_refused()
    {
        using var limit = new CancellationTokenSource(Limit);
        var settings = new Dictionary<string, string?> { ["binlog-order-commits"] = "OFF" };
        await using var server = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "unordered", Settings = settings }, limit.Token);
        var bench = new CopyBench(server, await SharedServers.DestinationAsync(limit.Token), SharedServers.NewDatabaseName("unordered"));
        await using var session = await bench.Source().OpenAsync(SessionPurpose.Metadata, limit.Token);
        var reader = new SourcePositionReader(await ServerConnector.ReadFactsAsync(session, limit.Token));

        var failure = await Assert.ThrowsAsync<DtsMigrateException>(() => reader.ReadAsync(session, limit.Token));

        Assert.Equal("UnorderedCommits", failure.Code);
    }

    [Fact]
    public async Task Without_gtid_writers_are_held_for_an_instant_and_let_go()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var server = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "no-gtid", Gtid = false }, limit.Token);
        var bench = new CopyBench(server, await SharedServers.DestinationAsync(limit.Token), SharedServers.NewDatabaseName("no_gtid"));
        await bench.CreateAsync("CREATE TABLE t (id INT PRIMARY KEY); CREATE TABLE u (id INT PRIMARY KEY); CREATE TABLE nokey (id INT);", limit.Token);
        await using var session = await bench.Source().OpenAsync(SessionPurpose.Metadata, limit.Token);
        var facts = await ServerConnector.ReadFactsAsync(session, limit.Token);
        var reader = new SourcePositionReader(facts);

        var before = await reader.ReadAsync(session, limit.Token);
        await bench.SourceAsync("INSERT INTO t VALUES (1)", limit.Token);
        var after = await reader.ReadAsync(session, limit.Token);

        Assert.False(facts.HasGtid);
        Assert.True(before.Coordinate! < after.Coordinate!);
        await bench.SourceAsync("INSERT INTO u VALUES (1),(2); INSERT INTO nokey VALUES (1),(1)", limit.Token);
        await bench.RunAsync(limit.Token);
        await bench.AssertEqualAsync(limit.Token);
        string positions = await bench.DestinationAsync($"SELECT COUNT(*) FROM dts_migrate.table_copy WHERE task='{bench.Database}' AND watermark LIKE 'file:%' AND fuzzy_end LIKE 'file:%'", limit.Token);
        Assert.Equal("3", positions.Trim());
    }
}
