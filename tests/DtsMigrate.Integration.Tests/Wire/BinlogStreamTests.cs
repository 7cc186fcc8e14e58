using DtsMigrate.MySql.Binlog;
using DtsMigrate.MySql.Binlog.Events;
using DtsMigrate.MySql.Binlog.Gtids;
using DtsMigrate.MySql.Errors;
using DtsMigrate.MySql.Session;
using DtsMigrate.Testing;

namespace DtsMigrate.Integration.Tests.Wire;

public sealed class BinlogStreamTests(QuietServer quiet) : IClassFixture<QuietServer>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static int _serverId = 900_000;

    [Fact]
    public async Task Transactions_after_a_gtid_set_arrive_in_order_over_a_rotation()
    {
        await using var session = await quiet.ConnectAsync();
        string table = await LoadLocalTests.TableAsync(session);
        var executed = GtidSet.Parse(await session.ScalarAsync("SELECT @@gtid_executed"));
        await session.ExecuteAsync($"INSERT INTO {table} VALUES (1, 'a')");
        await session.ExecuteAsync("FLUSH BINARY LOGS");
        await session.ExecuteAsync($"INSERT INTO {table} VALUES (2, 'b')");

        await using var stream = await OpenAsync(new BinlogStreamOptions { After = executed, ServerId = NextId() });
        var events = await ReadUntilAsync(stream, e => e is XidEvent, 2);

        Assert.IsType<RotateEvent>(events[0]);
        Assert.Equal(2, events.Count(e => e is RowsEvent));
        Assert.Contains(events, e => e is FormatDescriptionEvent);
        Assert.True(events.OfType<RotateEvent>().Count() >= 2);
    }

    [Fact]
    public async Task A_stream_starts_at_file_and_offset()
    {
        await using var session = await quiet.ConnectAsync();
        string table = await LoadLocalTests.TableAsync(session);
        var start = await PositionAsync(session);
        await session.ExecuteAsync($"INSERT INTO {table} VALUES (1, 'a')");

        await using var stream = await OpenAsync(new BinlogStreamOptions { From = start, ServerId = NextId() });
        var events = await ReadUntilAsync(stream, e => e is XidEvent, 1);

        Assert.Single(events, e => e is RowsEvent);
        Assert.Equal((await PositionAsync(session)).File, events[^1].End.File);
        Assert.True(events[^1].End > start);
    }

    [Fact]
    public async Task An_idle_source_sends_heartbeats()
    {
        await using var server = await MySqlServer.StartAsync(new MySqlServerOptions { Name = "idle" }, None);
        await using var session = await WireServer.ConnectAsync(WireServer.Options(server));
        var executed = GtidSet.Parse(await session.ScalarAsync("SELECT @@gtid_executed"));

        await using var stream = await BinlogStream.OpenAsync(
            await WireServer.ConnectAsync(WireServer.Options(server)),
            new BinlogStreamOptions { After = executed, ServerId = NextId(), HeartbeatPeriod = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, None);

        var events = await ReadUntilAsync(stream, e => e is HeartbeatEvent, 3);
        Assert.True(events[^1].End.Offset > 4);
    }

    [Fact]
    public async Task A_silent_source_is_noticed_after_three_heartbeat_periods()
    {
        var server = await SharedServers.SourceAsync(None);
        await using var proxy = FaultProxy.Start(server);
        await using var stream = await BinlogStream.OpenAsync(
            await WireServer.ConnectAsync(WireServer.Options(server) with { Port = proxy.Port }),
            new BinlogStreamOptions { From = await PositionAsync(server), ServerId = NextId(), HeartbeatPeriod = TimeSpan.FromMilliseconds(300) }, TimeProvider.System, None);

        proxy.Stall();
        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => ReadUntilAsync(stream, _ => false, 1));

        Assert.Equal("ReadTimeout", error.Code);
    }

    [Fact]
    public async Task A_lost_connection_is_a_connection_error()
    {
        var server = await SharedServers.SourceAsync(None);
        await using var proxy = FaultProxy.Start(server);
        await using var stream = await BinlogStream.OpenAsync(
            await WireServer.ConnectAsync(WireServer.Options(server) with { Port = proxy.Port }),
            new BinlogStreamOptions { From = await PositionAsync(server), ServerId = NextId() }, TimeProvider.System, None);

        proxy.ResetAll();
        var error = await Assert.ThrowsAsync<MySqlConnectionException>(() => ReadUntilAsync(stream, _ => false, 1));

        Assert.Equal("ConnectionLost", error.Code);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task A_file_that_the_source_does_not_have_is_refused_at_opening()
    {
        var error = await Assert.ThrowsAsync<MySqlServerException>(() => OpenAsync(
            new BinlogStreamOptions { From = new BinlogCoordinate("binlog.999999", 4), ServerId = NextId() }));

        Assert.Equal(1236, error.Errno);
    }

    [Fact]
    public async Task A_cancelled_read_ends_at_once()
    {
        await using var session = await quiet.ConnectAsync();
        await using var stream = await OpenAsync(new BinlogStreamOptions { From = await PositionAsync(session), ServerId = NextId(), HeartbeatPeriod = TimeSpan.FromSeconds(60) });
        using var cancel = new CancellationTokenSource();

        var reading = ReadUntilAsync(stream, _ => false, 1, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData("NONE")]
    [InlineData("CRC32")]
    public async Task A_source_is_read_with_and_without_checksums_and_with_events_over_16_MiB(string checksum)
    {
        await using var server = await MySqlServer.StartAsync(
            new MySqlServerOptions { Name = "checksum", Gtid = false, Settings = new Dictionary<string, string?> { ["binlog-checksum"] = checksum } }, None);
        await using var session = await WireServer.ConnectAsync(WireServer.Options(server));
        await session.ExecuteAsync("CREATE DATABASE d");
        await session.ExecuteAsync("CREATE TABLE d.t (id INT PRIMARY KEY, v LONGTEXT)");
        var start = await PositionAsync(session);
        await session.ExecuteAsync("INSERT INTO d.t VALUES (1, REPEAT('x', 20 * 1024 * 1024))");
        await session.ExecuteAsync("INSERT INTO d.t VALUES (2, 'y')");
        var end = await PositionAsync(session);

        await using var stream = await BinlogStream.OpenAsync(
            await WireServer.ConnectAsync(WireServer.Options(server)),
            new BinlogStreamOptions { From = start, ServerId = NextId(), HeartbeatPeriod = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, None);
        var events = await ReadUntilAsync(stream, e => e is XidEvent, 2);

        Assert.Equal(2, events.Count(e => e is RowsEvent));
        Assert.Equal(end, events[^1].End);
        await ReadUntilAsync(stream, e => e is HeartbeatEvent, 1);
    }

    [Fact]
    public async Task Two_streams_with_one_server_id_run_side_by_side_because_their_uuids_differ()
    {
        await using var session = await quiet.ConnectAsync();
        var start = await PositionAsync(session);
        uint id = NextId();
        await using var first = await OpenAsync(new BinlogStreamOptions { From = start, ServerId = id });
        await using var second = await OpenAsync(new BinlogStreamOptions { From = start, ServerId = id });
        string table = await LoadLocalTests.TableAsync(session);
        await session.ExecuteAsync($"INSERT INTO {table} VALUES (1, 'a')");

        Assert.Single(await ReadUntilAsync(first, e => e is XidEvent, 1), e => e is RowsEvent);
        Assert.Single(await ReadUntilAsync(second, e => e is XidEvent, 1), e => e is RowsEvent);
    }

    private static uint NextId() => (uint)Interlocked.Increment(ref _serverId);

    private async Task<BinlogStream> OpenAsync(BinlogStreamOptions options) => await BinlogStream.OpenAsync(await quiet.ConnectAsync(), options, TimeProvider.System, None);

    private static async Task<BinlogCoordinate> PositionAsync(MySqlServer server)
    {
        await using var session = await WireServer.ConnectAsync(WireServer.Options(server));
        return await PositionAsync(session);
    }

    private static async Task<BinlogCoordinate> PositionAsync(MySqlSession session)
    {
        var row = (await session.QueryRowsAsync(session.ServerVersion.IsAtLeast(8, 2) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS", None))[0];
        return new BinlogCoordinate(row.GetString(0), row.GetUInt64(1));
    }

    private static async Task<List<BinlogEvent>> ReadUntilAsync(BinlogStream stream, Func<BinlogEvent, bool> counts, int times, CancellationToken token = default)
    {
        var events = new List<BinlogEvent>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        while (times > 0)
        {
            var next = await stream.ReadAsync(either.Token);
            events.Add(next);
            times -= counts(next) ? 1 : 0;
        }

        return events;
    }
}
